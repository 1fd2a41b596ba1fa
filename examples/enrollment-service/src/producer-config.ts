import { defaultProducerConfig } from '@openedx-ts/events-catalog';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_UNENROLLMENT_COMPLETED } from '@openedx-ts/events-catalog/learning/course-unenrollment-completed';
import { mergeProducerConfigs, type ProducerConfigInput } from '@openedx-ts/events-core';

/** Where both events go, without prefix: one topic, so that a learner's joining and leaving keep their order. */
export const enrollmentTopic = 'learning-course-enrollment-lifecycle';

/** The catalogue's routes, those of our two events switched on; the key stays the catalogue's: the course key. */
export const producerConfig: ProducerConfigInput = mergeProducerConfigs(defaultProducerConfig, {
  [COURSE_ENROLLMENT_CREATED.eventType]: { [enrollmentTopic]: { enabled: true } },
  [COURSE_UNENROLLMENT_COMPLETED.eventType]: { [enrollmentTopic]: { enabled: true } },
});
