import type { Header, Message } from '@openedx-ts/events-core/bus';

/** A message in the form of kafkajs, with the partition that was assigned to it. */
export interface KafkaMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer | Buffer[]>;
  partition?: number;
}

/** Converts a message to the form of kafkajs. Headers keep their order, and names that repeat. */
export function toKafkaMessage({ key, value, headers }: Message): KafkaMessage {
  return { key: key && asBuffer(key), value: value && asBuffer(value), headers: headersObject(headers) };
}

/** Returns an upper bound for the size of a request with this message alone, in bytes. */
export function sizeOfMessage({ key, value, headers }: Message): number {
  let size = BATCH + RECORD + (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, bytes] of headers) size += HEADER + Buffer.byteLength(name) + (bytes?.length ?? 0);
  return size;
}

/** Bytes that Kafka adds to a record batch, to a record and to a header, with lengths at their longest. */
const BATCH = 61;
const RECORD = 36;
const HEADER = 10;

/**
 * kafkajs expects headers as an object, which has each name once and lists names that are integers first, and fails for
 * values that are null. Where that would change the headers, the result is an array that kafkajs writes unchanged.
 */
function headersObject(headers: readonly Header[]): Record<string, Buffer | Buffer[]> {
  const object: Record<string, Buffer | Buffer[]> = Object.create(null); // a header may be called __proto__
  for (const [name, bytes] of headers) {
    if (bytes === null || name in object || /^\d+$/.test(name)) return { all: new HeaderList(headers) };
    object[name] = asBuffer(bytes);
  }
  return object;
}

/** kafkajs maps the values of one name to headers of that name; this array maps to headers with their own names. */
class HeaderList extends Array<Buffer> {
  readonly #headers: readonly Header[];

  constructor(headers: readonly Header[]) {
    super();
    this.#headers = headers;
  }

  override map<T>(): T[] {
    return this.#headers.map(
      ([key, bytes]) => (bytes === null ? new NullHeader(key) : { key, value: asBuffer(bytes) }) as T,
    );
  }
}

/**
 * A header whose value is null, for one request. kafkajs writes null values, but measures the value before it looks
 * whether it is null, and `Buffer.byteLength(null)` throws: at the first look, the value is empty.
 */
class NullHeader {
  readonly key: string;
  #isMeasured = false;

  constructor(key: string) {
    this.key = key;
  }

  get value(): Buffer | null {
    if (this.#isMeasured) return null;
    this.#isMeasured = true;
    return nothing;
  }
}

const nothing = Buffer.alloc(0);

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
