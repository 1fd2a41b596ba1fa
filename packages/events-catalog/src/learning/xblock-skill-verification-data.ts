import { list, long, type OutputOf, record, withDefault } from '@openedx-ts/events-core';
import { usageKey } from '../keys.js';

/** Feedback on the skills a block is tagged with. */
export const XBlockSkillVerificationData = record(
  'XBlockSkillVerificationData',
  {
    usage_key: usageKey({ doc: 'The key of the block.' }),
    verified_skills: withDefault(list(long()), [], { doc: 'The ids of the skills found right.' }),
    ignored_skills: withDefault(list(long()), [], { doc: 'The ids of the skills found wrong.' }),
  },
  { doc: 'Feedback on the skills a block is tagged with.' },
);
export type XBlockSkillVerificationData = OutputOf<typeof XBlockSkillVerificationData>;
