"""Times the Python packages with the event of src/sample-event.ts; prints one JSON object. Median of five rounds."""
import io
import json
import platform
import statistics
import time
from datetime import datetime, timezone
from importlib.metadata import version

import django
from django.conf import settings

settings.configure(INSTALLED_APPS=[], DEBUG=False, EVENTS_SERVICE_NAME="bench")
django.setup()

import fastavro  # noqa: E402
from opaque_keys.edx.keys import CourseKey  # noqa: E402
from openedx_events.event_bus.avro.deserializer import AvroSignalDeserializer  # noqa: E402
from openedx_events.event_bus.avro.serializer import AvroSignalSerializer  # noqa: E402
from openedx_events.learning.data import CourseData, CourseEnrollmentData, UserData, UserPersonalData  # noqa: E402
from openedx_events.learning.signals import COURSE_ENROLLMENT_CREATED  # noqa: E402

enrollment = CourseEnrollmentData(
    user=UserData(
        id=4711,
        is_active=True,
        pii=UserPersonalData(
            username="ada.lovelace", email="ada.lovelace@example.org", name="Ada Lovelace, Countess"
        ),
    ),
    course=CourseData(
        course_key=CourseKey.from_string("course-v1:edX+DemoX.1+2026_T1"),
        display_name="Demonstration Course for Everybody",
        start=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=timezone.utc),
    ),
    mode="verified",
    is_active=True,
    creation_date=datetime(2026, 11, 21, 7, 41, 28, 789604, tzinfo=timezone.utc),
)
serializer = AvroSignalSerializer(COURSE_ENROLLMENT_CREATED)
deserializer = AvroSignalDeserializer(COURSE_ENROLLMENT_CREATED)
write_schema = fastavro.parse_schema(serializer.schema)


def encode():
    out = io.BytesIO()
    fastavro.schemaless_writer(out, write_schema, serializer.to_dict({"enrollment": enrollment}))
    return out.getvalue()


record = encode()


def decode():
    return deserializer.from_dict(fastavro.schemaless_reader(io.BytesIO(record), write_schema, None))


def receiver(**kwargs):
    pass


COURSE_ENROLLMENT_CREATED.connect(receiver)


def send():
    COURSE_ENROLLMENT_CREATED.send_event(enrollment=enrollment)


def rate(once):
    times = 200
    figures = []
    for _ in range(7):
        started = time.perf_counter()
        for _ in range(times):
            once()
        figures.append(times / (time.perf_counter() - started))
        times = max(1, int(figures[-1] * 0.3))
    return statistics.median(figures[2:])


print(
    json.dumps(
        {
            "encode": rate(encode),
            "decode": rate(decode),
            "sendEvent": rate(send),
            "bytes": len(record),
            "version": f"Python {platform.python_version()}, openedx-events {version('openedx-events')}, "
            f"fastavro {version('fastavro')}",
        }
    )
)
