import { list, long, map, type OutputOf, record, string, withDefault } from '@openedx-ts/events-core';

/** The answer to an open response assessment. The lists about files have one item for each file. */
export const ORASubmissionAnswer = record(
  'ORASubmissionAnswer',
  {
    parts: withDefault(list(map(string())), [], {
      doc: 'The text answers, one map for each prompt.',
      pii: 'other',
    }),
    file_keys: withDefault(list(string()), [], { doc: 'The keys of the files in the storage.', pii: 'id' }),
    file_descriptions: withDefault(list(string()), [], {
      doc: 'What the learner says of the files.',
      pii: 'other',
    }),
    file_names: withDefault(list(string()), [], { doc: 'The names of the files.', pii: 'other' }),
    file_sizes: withDefault(list(long()), [], { doc: 'The sizes of the files in bytes.' }),
    file_urls: withDefault(list(string()), [], { doc: 'Where the files are.', pii: 'other' }),
  },
  { doc: 'The answer to an open response assessment. The lists about files have one item for each file.' },
);
export type ORASubmissionAnswer = OutputOf<typeof ORASubmissionAnswer>;
