import type { Header, Message } from '@openedx-ts/events-core';

/** A message in the form of kafkajs, with the partition it was given. */
export interface KafkaMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer | Buffer[]>;
  partition?: number;
}

/**
 * A message in the form of kafkajs, whose headers are an object: of headers with one name it keeps the order, and puts
 * them together; names that are whole numbers come first.
 */
export function toKafkaMessage({ key, value, headers }: Message): KafkaMessage {
  return { key: key && asBuffer(key), value: value && asBuffer(value), headers: headersObject(headers) };
}

/** The headers of a message that kafkajs received. */
export function fromKafkaHeaders(
  headers: Readonly<Record<string, unknown>> | null | undefined,
): readonly Header[] {
  const list: Header[] = [];
  for (const name in headers ?? {}) {
    const value = headers?.[name];
    for (const one of Array.isArray(value) ? value : [value]) {
      list.push([name, typeof one === 'string' ? Buffer.from(one, 'utf8') : ((one ?? empty) as Uint8Array)]);
    }
  }
  return list;
}

/** At least as many bytes as the message takes in a request of its own. */
export function sizeOfMessage({ key, value, headers }: Message): number {
  let size = BATCH + RECORD + (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, bytes] of headers) size += HEADER + Buffer.byteLength(name) + bytes.length;
  return size;
}

/** What Kafka puts around a batch of records; around a record, lengths at their longest; around a header, the same. */
const BATCH = 61;
const RECORD = 36;
const HEADER = 10;

const empty = Buffer.alloc(0);

function headersObject(headers: readonly Header[]): Record<string, Buffer | Buffer[]> {
  const object: Record<string, Buffer | Buffer[]> = Object.create(null); // a header may be called __proto__
  for (const [name, bytes] of headers) {
    const before = object[name];
    const value = asBuffer(bytes);
    if (before === undefined) object[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else object[name] = [before, value];
  }
  return object;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
