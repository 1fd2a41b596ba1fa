import { defineSignal } from '@openedx-ts/events-core';
import { BadgeData } from './badge-data.js';

/** A learner got a badge. */
export const BADGE_AWARDED = defineSignal({
  eventType: 'org.openedx.learning.badge.awarded.v1',
  data: { badge: BadgeData },
  doc: 'A learner got a badge.',
  eventKeyField: 'badge.uuid',
  producedBy: ['openedx/credentials'],
  since: '9.10.0',
});
