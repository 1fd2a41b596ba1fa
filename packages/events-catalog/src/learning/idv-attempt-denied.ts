import { defineSignal } from '@openedx-ts/events-core';
import { VerificationAttemptData } from './verification-attempt-data.js';

/** An attempt to verify an identity was denied. */
export const IDV_ATTEMPT_DENIED = defineSignal({
  eventType: 'org.openedx.learning.idv_attempt.denied.v1',
  data: { idv_attempt: VerificationAttemptData },
  doc: 'An attempt to verify an identity was denied.',
  eventKeyField: 'idv_attempt.attempt_id',
  producedBy: ['openedx/openedx-platform'],
  since: '9.13.0',
});
