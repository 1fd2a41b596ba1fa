import { list, long, type OutputOf, record } from '@openedx-ts/events-core';
import { ChangeLogRecordData } from './change-log-record-data.js';

/** The changes that were published together. */
export const PublishLogEventData = record(
  'PublishLogEventData',
  {
    publish_log_id: long({ doc: 'The database id of the log of these changes.' }),
    changes: list(ChangeLogRecordData, { doc: 'A change for each entity.' }),
  },
  { doc: 'The changes that were published together.' },
);
export type PublishLogEventData = OutputOf<typeof PublishLogEventData>;
