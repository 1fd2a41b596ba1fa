"""
Consumes with the real `consume_events` until stdin ends: `consume.py TOPIC GROUP EXTRA`.

Writes {"metadata", "data"} for each event that a receiver got, with data as an Avro record dictionary, and {"error"}
for each that the consumer logged and acknowledged away.
"""

import os
import sys
import threading

from django.core.management import call_command
from lines import definitions, report_errors_of_buses, write
from openedx_events.tooling import OpenEdxPublicSignal


def main(topic, group, extra):
    threading.Thread(target=end_with_stdin, daemon=True).start()
    report_errors_of_buses()
    for signal in OpenEdxPublicSignal.all_events():
        signal.connect(write_event)
    write(definitions=definitions())
    call_command("consume_events", topic=[topic], group_id=[group], extra=extra)


def write_event(signal, metadata, from_event_bus, sender, **data):
    """A receiver."""
    write(
        metadata=metadata.to_json_data(),
        data=record_serializer()(signal).to_dict(data),
        from_event_bus=from_event_bus,
    )


def record_serializer():
    """The serializer of the package, which also writes bytes, and a class, which is the default of a field of the catalogue."""
    from openedx_events.event_bus.avro.custom_serializers import BaseCustomTypeAvroSerializer
    from openedx_events.event_bus.avro.serializer import AvroSignalSerializer

    class ClassSerializer(BaseCustomTypeAvroSerializer):
        cls = type
        field_type = "string"
        serialize = staticmethod(repr)

    class BytesSerializer(BaseCustomTypeAvroSerializer):
        cls = bytes
        field_type = "bytes"
        serialize = staticmethod(lambda value: value.decode("latin-1"))

    class RecordSerializer(AvroSignalSerializer):
        def custom_type_serializers(self):
            return [ClassSerializer, BytesSerializer]

    return RecordSerializer


def end_with_stdin():
    """The consumer itself never ends."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
