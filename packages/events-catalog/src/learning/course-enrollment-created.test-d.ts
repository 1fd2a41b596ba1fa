import type { DateTime, ReceivedData, SentData } from '@openedx-ts/events-core';
import type { KeyPathOf } from '@openedx-ts/events-core/bus';
import type { CourseKey } from '@openedx-ts/opaque-keys';
import { COURSE_ENROLLMENT_CREATED } from './course-enrollment-created.js';
import type { CourseEnrollmentData } from './course-enrollment-data.js';

const user = { id: 7, is_active: true, pii: { username: 'ada', email: 'ada@example.com' } };
const enrollment = {
  user,
  course: { course_key: 'course-v1:edX+DemoX+2026' },
  mode: 'audit',
  is_active: true,
  creation_date: new Date(0),
};

// What has a default or may be null can be left out; keys and dates can be given as text.
({ enrollment }) satisfies SentData<typeof COURSE_ENROLLMENT_CREATED>;
({
  enrollment: { ...enrollment, created_by: null, creation_date: '2026-01-02T03:04:05Z' },
}) satisfies SentData<typeof COURSE_ENROLLMENT_CREATED>;

export function compileErrors() {
  return [
    // @ts-expect-error -- there is no such payload key
    COURSE_ENROLLMENT_CREATED.sendEvent({ enrolment: enrollment }),
    // @ts-expect-error -- the mode is missing
    COURSE_ENROLLMENT_CREATED.sendEvent({ enrollment: { ...enrollment, mode: undefined } }),
    // @ts-expect-error -- the id of a user is a number
    COURSE_ENROLLMENT_CREATED.sendEvent({ enrollment: { ...enrollment, user: { ...user, id: '7' } } }),
    // @ts-expect-error -- a course key is a key or its text
    COURSE_ENROLLMENT_CREATED.sendEvent({ enrollment: { ...enrollment, course: { course_key: 7 } } }),
  ];
}

export function received(data: ReceivedData<typeof COURSE_ENROLLMENT_CREATED>) {
  data.enrollment satisfies CourseEnrollmentData;
  data.enrollment.course.course_key satisfies CourseKey;
  data.enrollment.course.display_name satisfies string;
  data.enrollment.creation_date satisfies DateTime;
  data.enrollment.created_by?.pii.email satisfies string | undefined;
  // @ts-expect-error -- nobody may have enrolled somebody else
  data.enrollment.created_by.id satisfies number;
}

'enrollment.course.course_key' satisfies KeyPathOf<typeof COURSE_ENROLLMENT_CREATED>;
'enrollment.user.pii.username' satisfies KeyPathOf<typeof COURSE_ENROLLMENT_CREATED>;
// @ts-expect-error -- what is inside an optional field can be no key
'enrollment.created_by.pii.username' satisfies KeyPathOf<typeof COURSE_ENROLLMENT_CREATED>;
// @ts-expect-error -- this is the key of other events
'catalog_info.course_key' satisfies KeyPathOf<typeof COURSE_ENROLLMENT_CREATED>;
