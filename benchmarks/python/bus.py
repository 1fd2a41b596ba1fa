"""What services do alike with both buses. Import it once Django is configured."""

from openedx_events.learning.signals import COURSE_ENROLLMENT_CREATED
from sample_event import enrollment


def send(producer, topic):
    """Hands one event to a producer."""
    producer.send(
        signal=COURSE_ENROLLMENT_CREATED,
        topic=topic,
        event_key_field="enrollment.course.course_key",
        event_data={"enrollment": enrollment},
        event_metadata=COURSE_ENROLLMENT_CREATED.generate_signal_metadata(),
    )


def consume(consumer, times):
    """Lets a consumer run until so many events are handled."""
    left = times

    def receiver(**_):
        nonlocal left
        left -= 1
        if left == 0:
            consumer._shut_down()  # the one way to end it

    COURSE_ENROLLMENT_CREATED.connect(receiver)
    consumer.consume_indefinitely()
    COURSE_ENROLLMENT_CREATED.disconnect(receiver)
