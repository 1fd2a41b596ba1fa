import { defineSignal } from '@openedx-ts/events-core';
import { SubsidyRedemption } from './subsidy-redemption.js';

/** A learner used an enterprise subsidy. No known service sends it. */
export const SUBSIDY_REDEEMED = defineSignal({
  eventType: 'org.openedx.enterprise.subsidy.redeemed.v1',
  data: { redemption: SubsidyRedemption },
  doc: 'A learner used an enterprise subsidy. No known service sends it.',
  eventKeyField: 'redemption.subsidy_identifier',
  since: '9.7.0',
});
