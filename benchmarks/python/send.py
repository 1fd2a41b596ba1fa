"""Sending in process to one receiver."""

from peer import configure, repeated, serve

configure()

from openedx_events.learning.signals import COURSE_ENROLLMENT_CREATED  # noqa: E402
from sample_event import enrollment  # noqa: E402


def receiver(**_):
    """Does nothing."""


COURSE_ENROLLMENT_CREATED.connect(receiver)
serve(send_event=repeated(lambda: COURSE_ENROLLMENT_CREATED.send_event(enrollment=enrollment)))
