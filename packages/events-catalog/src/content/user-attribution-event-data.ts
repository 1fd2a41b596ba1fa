import { long, type OutputOf, optional, record } from '@openedx-ts/events-core';

/** Who caused an event. */
export const UserAttributionEventData = record(
  'UserAttributionEventData',
  {
    user_id: optional(long(), {
      doc: 'The database id of the user; null when no user did it.',
      pii: 'id',
    }),
  },
  { doc: 'Who caused an event.' },
);
export type UserAttributionEventData = OutputOf<typeof UserAttributionEventData>;
