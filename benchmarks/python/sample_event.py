"""The event of src/sample-event.ts. Import it once Django is configured."""

from datetime import datetime, timezone

from opaque_keys.edx.keys import CourseKey
from openedx_events.learning.data import CourseData, CourseEnrollmentData, UserData, UserPersonalData

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
