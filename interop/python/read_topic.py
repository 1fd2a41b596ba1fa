"""
Writes what lies in topics of Kafka as lines: `read_topic.py BOOTSTRAP_SERVERS TOPIC...`.

Nothing of the buses is in between. Bytes are hex; headers come in their order, however often each is there.
"""

import json
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition


def main(bootstrap_servers, *topics):
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": "read_topic",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
        }
    )
    metadata = consumer.list_topics()
    places = [(topic, partition) for topic in topics for partition in metadata.topics[topic].partitions]
    consumer.assign([TopicPartition(*place, OFFSET_BEGINNING) for place in places])
    left = set(places)
    while left:
        message = consumer.poll(10)
        if message is None:
            raise RuntimeError(f"no answer for {left}")
        if message.error() is None:
            write(message)
        elif message.error().code() == KafkaError._PARTITION_EOF:
            left.remove((message.topic(), message.partition()))
        else:
            raise RuntimeError(message.error())
    consumer.close()


def write(message):
    line = {
        "topic": message.topic(),
        "partition": message.partition(),
        "key": hexed(message.key()),
        "value": hexed(message.value()),
        "headers": [[name, hexed(value)] for name, value in message.headers() or []],
    }
    print(json.dumps(line))


def hexed(value):
    return None if value is None else value.hex()


if __name__ == "__main__":
    main(*sys.argv[1:])
