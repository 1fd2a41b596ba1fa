import { defineSignal } from '@openedx-ts/events-core';
import { SubsidyRedemption } from './subsidy-redemption.js';

/** The use of an enterprise subsidy was undone. No known service sends it. */
export const SUBSIDY_REDEMPTION_REVERSED = defineSignal({
  eventType: 'org.openedx.enterprise.subsidy.redemption-reversed.v1',
  irregularEventType: 'The reference published it with a hyphen.',
  data: { redemption: SubsidyRedemption },
  doc: 'The use of an enterprise subsidy was undone. No known service sends it.',
  eventKeyField: 'redemption.subsidy_identifier',
  since: '9.7.0',
});
