import { list } from '../shapes/list.js';
import { optional } from '../shapes/optional.js';
import { boolean, long, string } from '../shapes/primitives.js';
import { record } from '../shapes/record.js';
import { defineSignal } from './define-signal.js';

/** A user with a little of everything. */
export const userData = record('UserData', {
  id: long(),
  is_active: boolean(),
  pii: record('UserPersonalData', { username: string({ pii: 'username' }), email: optional(string()) }),
  tags: optional(list(string())),
});

/** A value that fits `userData`. */
export const ada = { id: 7, is_active: true, pii: { username: 'ada' } };

/** The same as receivers get it. */
export const receivedAda = { id: 7, is_active: true, pii: { username: 'ada', email: null }, tags: null };

/** Defines a signal whose data is one user; call it where the registry is restored after each test. */
export const defineUserSignal = <Name extends string = 'registered'>(
  action = 'registered' as Name,
  details: { readonly minorVersion?: number } = {},
) =>
  defineSignal({
    eventType: `org.openedx.learning.user.${action}.v1`,
    irregularEventType: 'made up by a test',
    data: { user: userData },
    ...details,
  });

/** Defines a signal whose events may not leave the process; call it where the registry is restored after each test. */
export const defineLocalSignal = () =>
  defineSignal({
    eventType: 'org.openedx.learning.secret.told.v1',
    data: { user: userData },
    localOnly: 'it holds a password',
  });
