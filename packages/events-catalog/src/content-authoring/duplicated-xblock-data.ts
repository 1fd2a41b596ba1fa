import { type OutputOf, record } from '@openedx-ts/events-core';
import { usageKey } from '../keys.js';
import { XBlockData } from './xblock-data.js';

/** Which block a copy is, and of which block. */
export const DuplicatedXBlockData = record(
  'DuplicatedXBlockData',
  {
    ...XBlockData.fields,
    source_usage_key: usageKey({ doc: 'The key of the block that was copied.' }),
  },
  { doc: 'Which block a copy is, and of which block.' },
);
export type DuplicatedXBlockData = OutputOf<typeof DuplicatedXBlockData>;
