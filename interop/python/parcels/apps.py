"""How a service gives the bus a serializer of its own."""

import os
import runpy
import sys

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class ParcelsConfig(AppConfig):
    """
    Adds the serializer to the default ones, and defines the event.

    The packages of the buses make serializers themselves, so a subclass with `custom_type_serializers()` never reaches
    them: they see the default list, and nothing else. Three modules copy that list when they are imported, which the
    bus does late (at the first send, or when the consumer is made). Whoever adds to it before, reaches every bus.
    """

    name = "parcels"

    def ready(self):
        copied = [
            module
            for module in ("schema", "serializer", "deserializer")
            if f"openedx_events.event_bus.avro.{module}" in sys.modules
        ]
        if copied:
            raise ImproperlyConfigured(f"too late to add a serializer: {copied} were imported before")

        from openedx_events.event_bus.avro.custom_serializers import DEFAULT_CUSTOM_SERIALIZERS

        from .money import MoneyAvroSerializer

        DEFAULT_CUSTOM_SERIALIZERS.append(MoneyAvroSerializer)

        from . import signals  # noqa: F401  (registers the event, before routes to it are checked)

        if "INTEROP_EVENTS" in os.environ:
            runpy.run_path(os.environ["INTEROP_EVENTS"])
