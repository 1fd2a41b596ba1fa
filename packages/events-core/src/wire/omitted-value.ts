import { createHash } from 'node:crypto';
import { deadLetterHeaders } from './dead-letter-headers.js';
import type { Header, Message } from './message.js';

/** What a dead letter records of a value that it does not hold, because broker or topic take no message of that size. */
export interface OmittedValue {
  readonly bytes: number;
  /** SHA-256 of the value, in lower-case hex. */
  readonly sha256: string;
}

/**
 * A dead letter without its value, with the size and hash of the value in headers: it points to its source, from where a
 * redrive reads the message. A large key and large headers are left out as well; what is kept has at most 32 KiB.
 */
export function withoutValue(deadLetter: Message): Message {
  const value = deadLetter.value ?? new Uint8Array(0);
  const key = deadLetter.key !== null && deadLetter.key.length > MAX_KEY_BYTES ? null : deadLetter.key;
  let room = MAX_HEADER_BYTES;
  const kept = deadLetter.headers.filter(([name, content]) => {
    if (deadLetterHeaders.has(name)) return true;
    room -= HEADER_OVERHEAD + Buffer.byteLength(name) + (content?.length ?? 0);
    return room >= 0;
  });
  const added: readonly Header[] = [
    [BYTES, Buffer.from(String(value.length))],
    [SHA256, Buffer.from(sha256(value))],
  ];
  return { ...deadLetter, key, value: null, headers: [...kept, ...added] };
}

/** What a dead letter records of a value that it does not hold; undefined for one that is whole. */
export function omittedValueOf({ value, headers }: Message): OmittedValue | undefined {
  if (value !== null && value.length > 0) return undefined;
  const [bytes = '', hash = ''] = [BYTES, SHA256].map((name) => {
    const found = headers.find(([header]) => header === name);
    return found === undefined ? '' : Buffer.from(found[1] ?? []).toString('latin1');
  });
  if (!/^\d{1,12}$/.test(bytes) || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
  return { bytes: Number(bytes), sha256: hash };
}

/** Whether a dead letter has no value, and headers that cannot be read: it is no empty event. */
export function isOmissionUnreadable(message: Message): boolean {
  if (message.value !== null && message.value.length > 0) return false;
  const isPart = ([name]: Header) => name === BYTES || name === SHA256;
  return message.headers.some(isPart) && omittedValueOf(message) === undefined;
}

/** Whether a message has the value that a dead letter has left out. */
export function hasOmittedValue({ value }: Message, omitted: OmittedValue): boolean {
  return value !== null && value.length === omitted.bytes && sha256(value) === omitted.sha256;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const BYTES = 'dlq-value-bytes';
const SHA256 = 'dlq-value-sha256';
const MAX_KEY_BYTES = 4_096;
const MAX_HEADER_BYTES = 16_384;
/** At most so many bytes besides name and content: without it, empty headers would fill a message of any size. */
const HEADER_OVERHEAD = 12;
