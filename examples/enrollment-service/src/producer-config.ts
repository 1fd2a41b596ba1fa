import { defaultProducerConfig } from '@openedx-ts/events-catalog';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { COURSE_UNENROLLMENT_COMPLETED } from '@openedx-ts/events-catalog/learning/course-unenrollment-completed';
import { mergeProducerConfigs, type ProducerConfigInput } from '@openedx-ts/events-core';

/** Where both events go, without prefix: one topic, so that a learner's joining and leaving keep their order. */
export const enrollmentTopic = 'learning-course-enrollment-lifecycle';

/** The catalogue's routes for our events, one of each switched on; what the operator configures goes over them. */
export function withOurRoutes(configured: ProducerConfigInput): ProducerConfigInput {
  return mergeProducerConfigs(mergeProducerConfigs(catalogRoutes, ourRoutes), configured);
}

const ourEventTypes = [COURSE_ENROLLMENT_CREATED.eventType, COURSE_UNENROLLMENT_COMPLETED.eventType];

const catalogRoutes: ProducerConfigInput = Object.fromEntries(
  ourEventTypes.map((eventType) => [eventType, defaultProducerConfig[eventType] ?? {}]),
);

/** The key stays the catalogue's: the course key. */
const ourRoutes: ProducerConfigInput = Object.fromEntries(
  ourEventTypes.map((eventType) => [eventType, { [enrollmentTopic]: { enabled: true } }]),
);
