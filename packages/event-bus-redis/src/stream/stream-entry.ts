import type { Header, Message } from '@openedx-ts/events-core/bus';

/** The field of an entry that holds the Avro record; the other fields are headers. Named by the Python services. */
const RECORD_FIELD = 'event_data';

/** Number of headers that the Python services write before the record. */
const METADATA_FIELDS = 7;

/**
 * Converts a message to the fields of a stream entry, alternating names and values: metadata headers, the record, then
 * further headers. The first eight fields are those of the Python services, in the same order. A field has no null
 * value, so a header of Kafka whose value is null becomes an empty one.
 */
export function toEntryFields({ headers, value }: Message): (string | Uint8Array)[] {
  const fields: (string | Uint8Array)[] = [];
  for (const [index, [name, bytes]] of headers.entries()) {
    if (index === METADATA_FIELDS && value !== null) fields.push(RECORD_FIELD, value);
    fields.push(name, bytes ?? nothing);
  }
  if (headers.length <= METADATA_FIELDS && value !== null) fields.push(RECORD_FIELD, value);
  return fields;
}

/**
 * Converts the fields of a stream entry to a message. An entry without a record is malformed, as it is for the Python
 * services, and no tombstone: its value is empty, so decoding it fails.
 */
export function fromEntryFields(topic: string, fields: readonly Buffer[]): Message {
  const headers: Header[] = [];
  let value: Uint8Array = nothing;
  let key: Uint8Array | null = null;
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = nameAt(index, fields[index] as Buffer);
    const bytes = fields[index + 1] as Buffer;
    if (name === RECORD_FIELD) {
      value = bytes;
      continue;
    }
    if (name === 'event_key') key = bytes;
    headers.push([name, bytes]);
  }
  return { topic, key, value, headers };
}

const nothing = new Uint8Array(0);

/** The field names of the last entry, by index. Nearly all entries have the same names, and comparing is faster than decoding. */
const lastNames: { readonly bytes: Uint8Array; readonly name: string }[] = [];

function nameAt(index: number, bytes: Buffer): string {
  const last = lastNames[index];
  if (last !== undefined && isSame(last.bytes, bytes)) return last.name;
  const name = bytes.toString('utf8');
  if (index < MAX_CACHED_NAMES && bytes.length <= MAX_CACHED_BYTES)
    lastNames[index] = { bytes: Uint8Array.from(bytes), name };
  return name;
}

/** More than the entries of any event have. */
const MAX_CACHED_NAMES = 64;
/** Longest name that is kept, as whoever may write to the stream may choose any. */
const MAX_CACHED_BYTES = 256;

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
