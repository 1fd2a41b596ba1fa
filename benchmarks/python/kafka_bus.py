"""
Producing and consuming with the Python bus: `kafka_bus.py BOOTSTRAP_SERVERS REGISTRY_URL TOPIC FILLED_TOPIC ROUNDS`.

The filled topic has one partition; it can be consumed so many times.
"""

import sys
from itertools import count

from peer import configure, serve

bootstrap_servers, registry_url, topic, filled_topic, rounds = sys.argv[1:]
configure(
    EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS=bootstrap_servers,
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL=registry_url,
)

import bus  # noqa: E402
from confluent_kafka import Consumer, TopicPartition  # noqa: E402
from edx_event_bus_kafka import KafkaEventConsumer, create_producer  # noqa: E402

producer = create_producer()
groups = count()


def produce(times):
    """Sends as a service does, then waits until Kafka has all of it."""
    for _ in range(times):
        bus.send(producer, topic)
    producer.prepare_for_shutdown()


def consume(times):
    """A group that stands at the beginning reads the filled topic until so many events are handled."""
    bus.consume(KafkaEventConsumer(filled_topic, f"python-{next(groups)}"), times)


def make_group(name):
    """The bus begins with what comes after it has joined, unless its group has been somewhere before."""
    member = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": name, "enable.auto.commit": False})
    member.commit(offsets=[TopicPartition(filled_topic, 0, 0)], asynchronous=False)
    member.close()


for number in range(int(rounds)):
    make_group(f"python-{number}")
serve("edx-event-bus-kafka", "confluent-kafka", produce=produce, consume=consume)
