"""
Forwards one message from a topic of Kafka to another: `forward.py BOOTSTRAP_SERVERS SOURCE TARGET`.

As a Python service may do by hand: key, value and headers as they came, with the trace context among them.
"""

import sys

from confluent_kafka import Consumer, Producer


def main(bootstrap_servers, source, target):
    consumer = Consumer(
        {"bootstrap.servers": bootstrap_servers, "group.id": "forward", "auto.offset.reset": "earliest"}
    )
    consumer.subscribe([source])
    message = consumer.poll(30)
    if message is None or message.error() is not None:
        raise RuntimeError(f"nothing to forward: {message and message.error()}")
    producer = Producer({"bootstrap.servers": bootstrap_servers})
    producer.produce(target, key=message.key(), value=message.value(), headers=message.headers())
    producer.flush(30)
    consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
