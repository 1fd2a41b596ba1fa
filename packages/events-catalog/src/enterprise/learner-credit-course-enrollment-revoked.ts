import { defineSignal } from '@openedx-ts/events-core';
import { LearnerCreditEnterpriseCourseEnrollment } from './learner-credit-enterprise-course-enrollment.js';

/** An enrollment that learner credit paid for was revoked, as a rule because the learner unenrolled. */
export const LEARNER_CREDIT_COURSE_ENROLLMENT_REVOKED = defineSignal({
  eventType: 'org.openedx.enterprise.learner_credit_course_enrollment.revoked.v1',
  data: { learner_credit_course_enrollment: LearnerCreditEnterpriseCourseEnrollment },
  doc: 'An enrollment that learner credit paid for was revoked, as a rule because the learner unenrolled.',
  eventKeyField: 'learner_credit_course_enrollment.uuid',
  producedBy: ['openedx/edx-enterprise'],
  since: '9.12.0',
});
