"""JSON lines on stdin and stdout, and what must happen before either script begins."""

import json
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")

import django  # noqa: E402

django.setup()


def write(**line):
    """Writes one line at once."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def definitions():
    """What this version of openedx-events has: the schema of each event that can be serialized, or why there is none."""
    from openedx_events.event_bus.avro.serializer import AvroSignalSerializer
    from openedx_events.tooling import KNOWN_UNSERIALIZABLE_SIGNALS, OpenEdxPublicSignal

    found = {}
    for signal in OpenEdxPublicSignal.all_events():
        entry = {"is_listed_unserializable": signal.event_type in KNOWN_UNSERIALIZABLE_SIGNALS}
        try:
            entry["schema"] = AvroSignalSerializer(signal).schema_string()
        except Exception as error:  # the package raises bare exceptions
            entry["problem"] = str(error)
        found[signal.event_type] = entry
    return found


class ErrorLines(logging.Handler):
    """The buses swallow every error and log it: this hands the log to the other side."""

    def emit(self, record):
        write(error=self.format(record))


def report_errors_of_buses():
    """Writes what the buses and the command say from ERROR on as lines."""
    for logger_name in (
        "edx_event_bus_kafka",
        "edx_event_bus_redis",
        "openedx_events.management.commands.consume_events",
    ):
        logging.getLogger(logger_name).addHandler(ErrorLines(level=logging.ERROR))
