import { boolean, long, type OutputOf, optional, record, withDefault } from '@openedx-ts/events-core';

/** The change of one entity from one version to another. */
export const ChangeLogRecordData = record(
  'ChangeLogRecordData',
  {
    entity_id: long({ doc: 'The database id of the entity.' }),
    old_version: optional(long(), {
      doc: 'The number of the version before the change; null when there was none.',
    }),
    old_version_id: optional(long(), {
      doc: 'The database id of the version before the change; null when there was none.',
    }),
    new_version: optional(long(), {
      doc: 'The number of the version after the change; null when the entity was deleted.',
    }),
    new_version_id: optional(long(), {
      doc: 'The database id of the version after the change; null when the entity was deleted.',
    }),
    direct: optional(boolean(), {
      doc: 'Whether a user published this entity itself, or something that depends on it; null when unknown.',
    }),
    restored: withDefault(boolean(), false, {
      doc: 'Whether a draft that had been deleted is there again; false in ENTITIES_PUBLISHED.',
    }),
  },
  { doc: 'The change of one entity from one version to another.' },
);
export type ChangeLogRecordData = OutputOf<typeof ChangeLogRecordData>;
