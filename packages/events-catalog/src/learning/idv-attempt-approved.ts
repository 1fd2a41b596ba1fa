import { defineSignal } from '@openedx-ts/events-core';
import { VerificationAttemptData } from './verification-attempt-data.js';

/** An attempt to verify an identity was approved. */
export const IDV_ATTEMPT_APPROVED = defineSignal({
  eventType: 'org.openedx.learning.idv_attempt.approved.v1',
  data: { idv_attempt: VerificationAttemptData },
  doc: 'An attempt to verify an identity was approved.',
  eventKeyField: 'idv_attempt.attempt_id',
  producedBy: ['openedx/openedx-platform'],
  since: '9.13.0',
});
