"""
Sends events as a service does: `send_event`, the configured route, the real producer.

Takes lines {"case", "event_type", "time", "data"}, with data as an Avro record dictionary: keys, times and UUIDs as
text. Answers each with {"case", "metadata"}, or {"case", "error"}.
"""

import json
import sys
from datetime import datetime
from typing import get_args, get_origin

import attr
from lines import definitions, report_errors_of_buses, write
from openedx_events.event_bus import get_producer
from openedx_events.tooling import OpenEdxPublicSignal


def main():
    report_errors_of_buses()
    for signal in OpenEdxPublicSignal.all_events():
        signal.connect(remember_metadata)
    write(definitions=definitions())
    for line in sys.stdin:
        request = json.loads(line)
        try:
            send(request)
        except Exception as error:
            write(case=request["case"], error=repr(error))
    flush()


def send(request):
    signal = OpenEdxPublicSignal.get_signal_by_type(request["event_type"])
    data = {name: typed(request["data"][name], kind) for name, kind in signal.init_data.items()}
    results = signal.send_event(time=datetime.fromisoformat(request["time"]), **data)
    failures = [repr(result) for _, result in results if isinstance(result, Exception)]
    if failures:
        raise RuntimeError(f"receivers failed: {failures}")
    write(case=request["case"], metadata=sent_metadata.pop().to_json_data())


def typed(value, kind):
    """The value that a service would send, of the type that the definition says."""
    from openedx_events.event_bus.avro.deserializer import DEFAULT_DESERIALIZERS

    if value is None:
        return None
    if kind in DEFAULT_DESERIALIZERS:
        return DEFAULT_DESERIALIZERS[kind](value)
    if attr.has(kind):
        types = {field.name: field.type for field in attr.fields(kind)}
        return kind(**{name: typed(item, types[name]) for name, item in value.items()})
    if get_origin(kind) is list:
        return [typed(item, *get_args(kind)) for item in value]
    if get_origin(kind) is dict:
        return {name: typed(item, get_args(kind)[1]) for name, item in value.items()}
    if kind is bytes:
        return value.encode("latin-1")
    return kind(value)


def flush():
    """The Kafka producer sends in the background, and nothing waits for it when its process ends."""
    producer = get_producer()
    if hasattr(producer, "prepare_for_shutdown"):
        producer.prepare_for_shutdown()


sent_metadata = []


def remember_metadata(metadata, **_):
    """A receiver beside the route's."""
    sent_metadata.append(metadata)


if __name__ == "__main__":
    main()
