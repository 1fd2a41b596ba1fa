import { defineSignal } from '@openedx-ts/events-core';
import { CourseCatalogData } from './course-catalog-data.js';

/** What a catalog has to know of a course run (title, dates, visibility) changed in Studio. */
export const COURSE_CATALOG_INFO_CHANGED = defineSignal({
  eventType: 'org.openedx.content_authoring.course.catalog_info.changed.v1',
  data: { catalog_info: CourseCatalogData },
  doc: 'What a catalog has to know of a course run (title, dates, visibility) changed in Studio.',
  eventKeyField: 'catalog_info.course_key',
  producedBy: ['openedx/openedx-platform'],
  since: '0.11.0',
});
