"""The least that a Django service needs to be on the Redis bus. Everything comes from the environment."""

import json
import os

# parcels first: what it adds to the default serializers must be there before the others read them.
INSTALLED_APPS = ["parcels", "openedx_events"]
USE_TZ = True

EVENTS_SERVICE_NAME = os.environ["EVENTS_SERVICE_NAME"]
EVENT_BUS_PRODUCER = "edx_event_bus_redis.create_producer"
EVENT_BUS_CONSUMER = "edx_event_bus_redis.RedisEventConsumer"
EVENT_BUS_PRODUCER_CONFIG = json.loads(os.environ.get("EVENT_BUS_PRODUCER_CONFIG", "{}"))
EVENT_BUS_TOPIC_PREFIX = os.environ["EVENT_BUS_TOPIC_PREFIX"]
EVENT_BUS_REDIS_CONNECTION_URL = os.environ["EVENT_BUS_REDIS_CONNECTION_URL"]
