"""Encoding and decoding with serializers that are made once."""

import io

from peer import configure, repeated, serve

configure()

import fastavro  # noqa: E402
from openedx_events.event_bus.avro.deserializer import AvroSignalDeserializer  # noqa: E402
from openedx_events.event_bus.avro.serializer import AvroSignalSerializer  # noqa: E402
from openedx_events.learning.signals import COURSE_ENROLLMENT_CREATED  # noqa: E402
from sample_event import enrollment  # noqa: E402

serializer = AvroSignalSerializer(COURSE_ENROLLMENT_CREATED)
deserializer = AvroSignalDeserializer(COURSE_ENROLLMENT_CREATED)
schema = fastavro.parse_schema(serializer.schema)


def encode():
    out = io.BytesIO()
    fastavro.schemaless_writer(out, schema, serializer.to_dict({"enrollment": enrollment}))
    return out.getvalue()


record = encode()


def decode():
    return deserializer.from_dict(fastavro.schemaless_reader(io.BytesIO(record), schema, None))


serve(encode=repeated(encode), decode=repeated(decode))
