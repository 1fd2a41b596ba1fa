import { type OutputOf, record, string } from '@openedx-ts/events-core';
import { described } from '../described.js';
import { BadgeTemplateData } from './badge-template-data.js';
import { UserData } from './user-data.js';

/** A badge of a learner. */
export const BadgeData = record(
  'BadgeData',
  {
    uuid: string({ doc: 'The id of the badge, as text.' }),
    user: described(UserData, 'Whose badge it is.'),
    template: described(BadgeTemplateData, 'The template it was made from.'),
  },
  { doc: 'A badge of a learner.' },
);
export type BadgeData = OutputOf<typeof BadgeData>;
