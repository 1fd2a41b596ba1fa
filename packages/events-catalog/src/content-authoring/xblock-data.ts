import { type OutputOf, optional, record, string } from '@openedx-ts/events-core';
import { usageKey } from '../keys.js';

/** Which block of a course it is. */
export const XBlockData = record(
  'XBlockData',
  {
    usage_key: usageKey({ doc: 'The key of the block, without branch and version.' }),
    block_type: string({ doc: 'The type of the block, e.g. `video`.' }),
    version: optional(usageKey(), {
      doc: 'The key of the block with branch and version: the exact revision.',
    }),
  },
  { doc: 'Which block of a course it is.' },
);
export type XBlockData = OutputOf<typeof XBlockData>;
