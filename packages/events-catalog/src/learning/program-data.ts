import { type OutputOf, record, string } from '@openedx-ts/events-core';

/** A program: a series of courses. */
export const ProgramData = record(
  'ProgramData',
  {
    uuid: string({ doc: 'The id of the program in the catalog, as text.' }),
    title: string({ doc: 'The title of the program.' }),
    program_type: string({ doc: 'The slug of the type of program, e.g. `micromasters`.' }),
  },
  { doc: 'A program: a series of courses.' },
);
export type ProgramData = OutputOf<typeof ProgramData>;
