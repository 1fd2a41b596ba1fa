import { defaultProducerConfig } from '@openedx-ts/events-catalog';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_UNENROLLMENT_COMPLETED } from '@openedx-ts/events-catalog/learning/course-unenrollment-completed';
import { mergeProducerConfigs, type ProducerConfigInput } from '@openedx-ts/events-core';

/** The topic of both events, without prefix: one topic, so that enrolments and unenrolments keep their order. */
export const enrollmentTopic = 'learning-course-enrollment-lifecycle';

/** The catalogue's routes, with those of these two events enabled; the key is the catalogue's: the course key. */
export const producerConfig: ProducerConfigInput = mergeProducerConfigs(defaultProducerConfig, {
  [COURSE_ENROLLMENT_CREATED.eventType]: { [enrollmentTopic]: { enabled: true } },
  [COURSE_UNENROLLMENT_COMPLETED.eventType]: { [enrollmentTopic]: { enabled: true } },
});
