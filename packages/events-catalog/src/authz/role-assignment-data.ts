import { long, type OutputOf, optional, record, string } from '@openedx-ts/events-core';

/** One assignment of a role, or its removal. */
export const RoleAssignmentData = record(
  'RoleAssignmentData',
  {
    operation: string({ doc: 'What was done: `created` or `deleted`.' }),
    subject: string({
      doc: 'Who holds the role, with the namespace of the kind of subject: a user, say.',
      pii: 'username',
    }),
    role: string({ doc: 'The name of the role.' }),
    scope: string({ doc: 'Where the role holds, e.g. the key of a course or a library.' }),
    actor_id: optional(long(), {
      doc: 'The database id of the user who did it; null when no user did.',
      pii: 'id',
    }),
  },
  { doc: 'One assignment of a role, or its removal.' },
);
export type RoleAssignmentData = OutputOf<typeof RoleAssignmentData>;
