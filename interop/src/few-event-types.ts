import { parcelShipped } from './parcel-shipped.js';

/**
 * Event types whose fields cover what the catalogue has: every kind of field, keys of several classes, times, a hyphen
 * in the namespace, defaults. For a short run against another version of the Python packages.
 */
export const fewEventTypes: readonly string[] = [
  parcelShipped.eventType,
  'org.openedx.content_authoring.content_library.container.published.v1',
  'org.openedx.enterprise.subsidy.redemption-reversed.v1',
  'org.openedx.learning.badge.awarded.v1',
  'org.openedx.learning.course.enrollment.created.v1',
  'org.openedx.learning.external_grader.score.submitted.v1',
];
