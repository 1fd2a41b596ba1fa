"""
Copies topics of Kafka, with the compression of librdkafka: `copy_topic.py BOOTSTRAP_SERVERS [CODEC FROM TO]...`.

Keys, values and headers stay as they are; so does the order of a partition.
"""

import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Producer, TopicPartition


def main(bootstrap_servers, *jobs):
    for codec, source, target in zip(*[iter(jobs)] * 3):
        producer = Producer(
            {"bootstrap.servers": bootstrap_servers, "compression.type": codec, "linger.ms": 50, "acks": "all"}
        )
        for message in messages(bootstrap_servers, source):
            producer.produce(
                target,
                key=message.key(),
                value=message.value(),
                headers=message.headers(),
                partition=message.partition(),
                on_delivery=check,
            )
        producer.flush()


def messages(bootstrap_servers, topic):
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": "copy_topic",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
        }
    )
    partitions = list(consumer.list_topics(topic).topics[topic].partitions)
    consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in partitions])
    left = set(partitions)
    while left:
        message = consumer.poll(10)
        if message is None:
            raise RuntimeError(f"no answer for {left}")
        if message.error() is None:
            yield message
        elif message.error().code() == KafkaError._PARTITION_EOF:
            left.remove(message.partition())
        else:
            raise RuntimeError(message.error())
    consumer.close()


def check(error, _message):
    if error is not None:
        raise RuntimeError(error)


if __name__ == "__main__":
    main(*sys.argv[1:])
