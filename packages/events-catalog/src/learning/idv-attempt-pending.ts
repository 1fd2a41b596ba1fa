import { defineSignal } from '@openedx-ts/events-core';
import { VerificationAttemptData } from './verification-attempt-data.js';

/** An attempt to verify an identity waits for its result. */
export const IDV_ATTEMPT_PENDING = defineSignal({
  eventType: 'org.openedx.learning.idv_attempt.pending.v1',
  data: { idv_attempt: VerificationAttemptData },
  doc: 'An attempt to verify an identity waits for its result.',
  eventKeyField: 'idv_attempt.attempt_id',
  producedBy: ['openedx/openedx-platform'],
  since: '9.13.0',
});
