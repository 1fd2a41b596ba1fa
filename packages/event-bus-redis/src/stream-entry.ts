import type { Header, Message } from '@openedx-ts/events-core/bus';

/** The field of an entry that holds the record; the others are headers. As the Python services have it. */
const RECORD_FIELD = 'event_data';

/** How many headers the Python services write in front of the record. */
const METADATA_FIELDS = 7;

/**
 * The fields of a stream entry, names and values in turn: metadata, the record, then whatever else there is. The
 * first eight are those of the Python services, in their order.
 */
export function toEntryFields({ headers, value }: Message): (string | Uint8Array)[] {
  const fields: (string | Uint8Array)[] = [];
  for (const [index, [name, bytes]] of headers.entries()) {
    if (index === METADATA_FIELDS && value !== null) fields.push(RECORD_FIELD, value);
    fields.push(name, bytes);
  }
  if (headers.length <= METADATA_FIELDS && value !== null) fields.push(RECORD_FIELD, value);
  return fields;
}

/**
 * The message in a stream entry. An entry without a record is no tombstone but broken, as for the Python services:
 * its value is empty, which no event can be decoded from.
 */
export function fromEntryFields(topic: string, fields: readonly Buffer[]): Message {
  const headers: Header[] = [];
  let value: Uint8Array = emptyRecord;
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

const emptyRecord = new Uint8Array(0);

/** The names that stood at each place last. Nearly all entries have the same, and a known text is found faster. */
const lastNames: { readonly bytes: Uint8Array; readonly name: string }[] = [];

function nameAt(index: number, bytes: Buffer): string {
  const last = lastNames[index];
  if (last !== undefined && isSame(last.bytes, bytes)) return last.name;
  const name = bytes.toString('utf8');
  if (index < PLACES) lastNames[index] = { bytes: Uint8Array.from(bytes), name };
  return name;
}

/** More than the entries of any event have. */
const PLACES = 64;

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
