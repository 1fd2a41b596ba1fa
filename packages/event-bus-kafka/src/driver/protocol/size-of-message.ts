import type { Message } from '@openedx-ts/events-core/bus';

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
