import { defineSignal } from '@openedx-ts/events-core';
import { VerificationAttemptData } from './verification-attempt-data.js';

/** An attempt to verify an identity was started. */
export const IDV_ATTEMPT_CREATED = defineSignal({
  eventType: 'org.openedx.learning.idv_attempt.created.v1',
  data: { idv_attempt: VerificationAttemptData },
  doc: 'An attempt to verify an identity was started.',
  eventKeyField: 'idv_attempt.attempt_id',
  producedBy: ['openedx/openedx-platform'],
  since: '9.13.0',
});
