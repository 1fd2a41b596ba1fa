"""The least that a Django service needs to be on a bus. Every setting of a bus comes from the environment."""

import json
import os

# parcels first: what it adds to the default serializers must be there before the others read them.
INSTALLED_APPS = ["parcels", "openedx_events"]
USE_TZ = True

EVENTS_SERVICE_NAME = os.environ["EVENTS_SERVICE_NAME"]
globals().update({name: value for name, value in os.environ.items() if name.startswith("EVENT_BUS_")})
EVENT_BUS_PRODUCER_CONFIG = json.loads(os.environ.get("EVENT_BUS_PRODUCER_CONFIG", "{}"))
