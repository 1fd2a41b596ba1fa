"""Producing and consuming with the Python bus: `redis_bus.py URL TOPIC FILLED_TOPIC`."""

import sys
from itertools import count

from peer import configure, repeated, serve

url, topic, filled_topic = sys.argv[1:]
configure(EVENT_BUS_REDIS_CONNECTION_URL=url)

from edx_event_bus_redis import RedisEventConsumer, create_producer  # noqa: E402
from openedx_events.learning.signals import COURSE_ENROLLMENT_CREATED  # noqa: E402
from sample_event import enrollment  # noqa: E402

producer = create_producer()
groups = count()


def produce():
    """One event, from data to the answer of Redis; the bus knows no other way."""
    producer.send(
        signal=COURSE_ENROLLMENT_CREATED,
        topic=topic,
        event_key_field="enrollment.course.course_key",
        event_data={"enrollment": enrollment},
        event_metadata=COURSE_ENROLLMENT_CREATED.generate_signal_metadata(),
    )


def consume(times):
    """A new group reads the filled topic from its beginning until so many events are handled."""
    consumer = RedisEventConsumer(filled_topic, f"python-{next(groups)}", "bench", check_backlog=True)
    left = times

    def receiver(**_):
        nonlocal left
        left -= 1
        if left == 0:
            consumer._shut_down()  # the one way to end it

    COURSE_ENROLLMENT_CREATED.connect(receiver)
    consumer.consume_indefinitely()
    COURSE_ENROLLMENT_CREATED.disconnect(receiver)


serve("edx-event-bus-redis", produce=repeated(produce), consume=consume)
