"""
What the scripts here share: they are told on stdin what to do and how often (`encode 200`), and say when it is done.
Import this first: it configures Django.
"""

import platform
import sys
from importlib.metadata import version

import django
from django.conf import settings


def configure(**more):
    """The least that the packages need; nothing of it slows them down."""
    settings.configure(INSTALLED_APPS=[], DEBUG=False, USE_TZ=True, EVENTS_SERVICE_NAME="bench", **more)
    django.setup()


def serve(*packages, **subjects):
    """Does what stdin asks for until it ends. A subject is a function that takes how often."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("openedx-events", "fastavro", *packages))
    print(f"Python {platform.python_version()}, {versions}", flush=True)
    for line in sys.stdin:
        name, times = line.split()
        subjects[name](int(times))
        print("done", flush=True)


def repeated(once):
    """A subject that does the same again and again."""

    def run(times):
        for _ in range(times):
            once()

    return run
