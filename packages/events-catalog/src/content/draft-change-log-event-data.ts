import { list, long, type OutputOf, record } from '@openedx-ts/events-core';
import { ChangeLogRecordData } from './change-log-record-data.js';

/** The changes of drafts that were made together. */
export const DraftChangeLogEventData = record(
  'DraftChangeLogEventData',
  {
    draft_change_log_id: long({ doc: 'The database id of the log of these changes.' }),
    changes: list(ChangeLogRecordData, { doc: 'A change for each entity.' }),
  },
  { doc: 'The changes of drafts that were made together.' },
);
export type DraftChangeLogEventData = OutputOf<typeof DraftChangeLogEventData>;
