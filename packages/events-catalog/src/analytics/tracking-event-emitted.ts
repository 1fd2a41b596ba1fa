import { defineSignal } from '@openedx-ts/events-core';
import { TrackingLogData } from './tracking-log-data.js';

/** An entry was written to the tracking log. */
export const TRACKING_EVENT_EMITTED = defineSignal({
  eventType: 'org.openedx.analytics.tracking.event.emitted.v1',
  data: { tracking_log: TrackingLogData },
  doc: 'An entry was written to the tracking log.',
  eventKeyField: 'tracking_log.name',
  producedBy: ['openedx/event-tracking'],
  since: '9.1.0',
});
