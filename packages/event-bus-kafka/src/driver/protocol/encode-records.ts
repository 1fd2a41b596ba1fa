import type { Header, Message } from '@openedx-ts/events-core/bus';

/**
 * Encodes messages as the records of a batch (message format 2), all with the batch's timestamp.
 *
 * @param start so many bytes are left free in front, for the header of the batch
 */
export function encodeRecords(messages: readonly Message[], start: number): Buffer {
  const names = messages.map(({ headers }) => headers.map(([name]) => nameBytes(name)));
  const lengths = messages.map((message, index) => recordLength(message, index, names[index] ?? []));
  const size = lengths.reduce((total, length) => total + varintSize(length) + length, start);
  const writer = new RecordWriter(Buffer.allocUnsafe(size), start);
  for (const [index, { key, value, headers }] of messages.entries()) {
    writer.varint(lengths[index] as number);
    writer.byte(0); // attributes: none
    writer.byte(0); // the difference to the timestamp of the batch
    writer.varint(index); // the difference to the offset of the batch
    writer.nullableBytes(key);
    writer.nullableBytes(value);
    writer.varint(headers.length);
    writer.headers(headers, names[index] ?? []);
  }
  return writer.bytes;
}

function recordLength({ key, value, headers }: Message, index: number, names: readonly Uint8Array[]): number {
  let length = 2 + varintSize(index) + bytesSize(key) + bytesSize(value) + varintSize(headers.length);
  for (const [place, [, bytes]] of headers.entries()) {
    length += bytesSize(names[place] ?? null) + bytesSize(bytes);
  }
  return length;
}

/** Writes the parts of records one behind the other. */
class RecordWriter {
  readonly bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, start: number) {
    this.bytes = bytes;
    this.#at = start;
  }

  byte(value: number): void {
    this.bytes[this.#at] = value;
    this.#at += 1;
  }

  /** A zigzag number of up to 32 bits. */
  varint(value: number): void {
    let left = zigzag(value);
    for (; left > 0x7f; left >>>= 7) this.byte((left & 0x7f) | 0x80);
    this.byte(left);
  }

  nullableBytes(value: Uint8Array | null): void {
    if (value === null) {
      this.varint(-1);
      return;
    }
    const { length } = value;
    this.varint(length);
    if (length > SHORT) this.bytes.set(value, this.#at);
    else for (let at = 0; at < length; at += 1) this.bytes[this.#at + at] = value[at] as number;
    this.#at += length;
  }

  headers(headers: readonly Header[], names: readonly Uint8Array[]): void {
    for (const [place, [, bytes]] of headers.entries()) {
      this.nullableBytes(names[place] as Uint8Array);
      this.nullableBytes(bytes);
    }
  }
}

/** Up to so many bytes a loop is faster than a call of `set`. */
const SHORT = 48;

function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

function bytesSize(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : varintSize(bytes.length) + bytes.length;
}

function varintSize(value: number): number {
  let size = 1;
  for (let left = zigzag(value); left > 0x7f; left >>>= 7) size += 1;
  return size;
}

/** The bytes of a header's name. Events have the same few names, so they are kept; others may send any, so not all. */
function nameBytes(name: string): Uint8Array {
  const kept = keptNames.get(name);
  if (kept !== undefined) return kept;
  const bytes = Buffer.from(name, 'utf8');
  if (keptNames.size < MAX_KEPT_NAMES && name.length <= MAX_KEPT_LENGTH) keptNames.set(name, bytes);
  return bytes;
}

const keptNames = new Map<string, Uint8Array>();
const MAX_KEPT_NAMES = 100;
const MAX_KEPT_LENGTH = 100;
