"""Producing and consuming with the Python bus: `redis_bus.py URL TOPIC FILLED_TOPIC`."""

import sys
from itertools import count

from peer import configure, repeated, serve

url, topic, filled_topic = sys.argv[1:]
configure(EVENT_BUS_REDIS_CONNECTION_URL=url)

import bus  # noqa: E402
from edx_event_bus_redis import RedisEventConsumer, create_producer  # noqa: E402

producer = create_producer()
groups = count()


def produce():
    """One event, from data to the answer of Redis; the bus knows no other way."""
    bus.send(producer, topic)


def consume(times):
    """A new group reads the filled topic from its beginning until so many events are handled."""
    bus.consume(RedisEventConsumer(filled_topic, f"python-{next(groups)}", "bench", check_backlog=True), times)


serve("edx-event-bus-redis", produce=repeated(produce), consume=consume)
