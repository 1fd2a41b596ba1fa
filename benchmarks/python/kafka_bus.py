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

from confluent_kafka import Consumer, TopicPartition  # noqa: E402
from edx_event_bus_kafka import KafkaEventConsumer, create_producer  # noqa: E402
from openedx_events.learning.signals import COURSE_ENROLLMENT_CREATED  # noqa: E402
from sample_event import enrollment  # noqa: E402

producer = create_producer()
groups = count()


def produce(times):
    """Sends as a service does, then waits until Kafka has all of it."""
    for _ in range(times):
        producer.send(
            signal=COURSE_ENROLLMENT_CREATED,
            topic=topic,
            event_key_field="enrollment.course.course_key",
            event_data={"enrollment": enrollment},
            event_metadata=COURSE_ENROLLMENT_CREATED.generate_signal_metadata(),
        )
    producer.prepare_for_shutdown()


def consume(times):
    """A group that stands at the beginning reads the filled topic until so many events are handled."""
    consumer = KafkaEventConsumer(filled_topic, f"python-{next(groups)}")
    left = times

    def receiver(**_):
        nonlocal left
        left -= 1
        if left == 0:
            consumer._shut_down()  # the one way to end it

    COURSE_ENROLLMENT_CREATED.connect(receiver)
    consumer.consume_indefinitely()
    COURSE_ENROLLMENT_CREATED.disconnect(receiver)


def make_group(name):
    """The bus begins with what comes after it has joined, unless its group has been somewhere before."""
    member = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": name, "enable.auto.commit": False})
    member.commit(offsets=[TopicPartition(filled_topic, 0, 0)], asynchronous=False)
    member.close()


for number in range(int(rounds)):
    make_group(f"python-{number}")
serve("edx-event-bus-kafka", "confluent-kafka", produce=produce, consume=consume)
