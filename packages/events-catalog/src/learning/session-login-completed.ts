import { defineSignal } from '@openedx-ts/events-core';
import { UserData } from './user-data.js';

/** A user logged in. */
export const SESSION_LOGIN_COMPLETED = defineSignal({
  eventType: 'org.openedx.learning.auth.session.login.completed.v1',
  data: { user: UserData },
  doc: 'A user logged in.',
  eventKeyField: 'user.pii.username',
  producedBy: ['openedx/openedx-platform'],
  since: '0.4.0',
});
