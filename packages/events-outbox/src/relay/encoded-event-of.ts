import { type EncodedEvent, metadataFromJson, reasonOf } from '@openedx-ts/events-core/bus';
import type { PendingEntry } from '../store/outbox-entry.js';
import type { StoredSchema } from './stored-schemas.js';
import { UnusableEntryError } from './unusable-entry-error.js';

/**
 * Makes the event of an entry. Its type need not be known in this process.
 *
 * @throws UnusableEntryError
 */
export function encodedEventOf(
  entry: PendingEntry,
  schemas: ReadonlyMap<string, StoredSchema>,
): EncodedEvent {
  const metadata = metadataOf(entry);
  const recordSchema = schemaOf(entry, 'record_schema', schemas);
  const keySchema = schemaOf(entry, 'key_schema', schemas);
  const wrongRecord = recordSchema.problem(entry.record);
  if (wrongRecord !== undefined) throw unusable(entry, `its record: ${wrongRecord}`);
  const wrongKey = keySchema.problem(entry.keyBytes);
  if (wrongKey !== undefined) throw unusable(entry, `its key_bytes: ${wrongKey}`);
  return {
    metadata,
    topic: entry.topic,
    record: entry.record,
    schema: recordSchema.schema,
    key: { text: entry.key, bytes: entry.keyBytes, schema: keySchema.schema },
  };
}

function metadataOf(entry: PendingEntry): EncodedEvent['metadata'] {
  let json: unknown;
  try {
    json = JSON.parse(entry.metadata);
  } catch {
    throw unusable(entry, 'its metadata is no JSON'); // the parser's message quotes the text
  }
  let metadata: EncodedEvent['metadata'];
  try {
    metadata = metadataFromJson(json);
  } catch (cause) {
    throw unusable(entry, `its metadata: ${reasonOf(cause)}`, { cause });
  }
  if (metadata.eventType !== entry.eventType)
    throw unusable(entry, 'its event_type differs from the one in its metadata');
  if (!isSameId(metadata.id, entry.eventId))
    throw unusable(entry, 'its event_id differs from the id in its metadata');
  return metadata;
}

/** A column of ids gives them back in lower case. */
function isSameId(one: string, other: string): boolean {
  return one === other || one.toLowerCase() === other.toLowerCase();
}

function schemaOf(
  entry: PendingEntry,
  column: 'record_schema' | 'key_schema',
  schemas: ReadonlyMap<string, StoredSchema>,
): StoredSchema {
  const fingerprint = column === 'key_schema' ? entry.keySchema : entry.recordSchema;
  const found = schemas.get(fingerprint);
  if (found !== undefined) return found;
  throw unusable(
    entry,
    `its ${column} ${fingerprint.slice(0, 64)} is not stored: start a service that sends ${entry.eventType}, which stores it, then redrive the entry`,
  );
}

function unusable(
  { topic, position }: PendingEntry,
  reason: string,
  options?: ErrorOptions,
): UnusableEntryError {
  return new UnusableEntryError(topic, position, reason, options);
}
