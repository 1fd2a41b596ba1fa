import { defineSignal } from '@openedx-ts/events-core';
import { BadgeData } from './badge-data.js';

/** A badge was taken back from a learner. */
export const BADGE_REVOKED = defineSignal({
  eventType: 'org.openedx.learning.badge.revoked.v1',
  data: { badge: BadgeData },
  doc: 'A badge was taken back from a learner.',
  eventKeyField: 'badge.uuid',
  producedBy: ['openedx/credentials'],
  since: '9.10.0',
});
