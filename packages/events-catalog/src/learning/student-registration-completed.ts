import { defineSignal } from '@openedx-ts/events-core';
import { UserData } from './user-data.js';

/** A user registered. */
export const STUDENT_REGISTRATION_COMPLETED = defineSignal({
  eventType: 'org.openedx.learning.student.registration.completed.v1',
  data: { user: UserData },
  doc: 'A user registered.',
  eventKeyField: 'user.pii.username',
  producedBy: ['openedx/openedx-platform'],
  since: '0.4.0',
});
