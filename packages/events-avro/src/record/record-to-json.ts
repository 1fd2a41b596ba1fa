import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { EncodingFailedError } from '@openedx-ts/events-core/bus';
import { RecordError, recordOfData } from './record-of-data.js';

/** What an Avro record dictionary may hold: JSON, and integers as `bigint` where a number cannot hold them. */
export type RecordJson =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly RecordJson[]
  | { readonly [key: string]: RecordJson };

/**
 * The data of an event as its Avro record dictionary, the form of tools: keys and times as text, bytes as text of the
 * characters U+0000 to U+00FF (Avro's JSON form), `null` for what is left out, unions not wrapped. Integers beyond
 * ±(2^53 - 1) are `bigint`, `NaN` and the infinities stay numbers: write it with a JSON library that keeps them.
 *
 * @throws EncodingFailedError naming the path of a value that does not fit
 */
export function recordToJson(signal: OpenEdxPublicSignal, data: object): { [key: string]: RecordJson } {
  try {
    return recordOfData(signal.shape, data, toJson) as { [key: string]: RecordJson };
  } catch (error) {
    if (error instanceof RecordError)
      throw new EncodingFailedError(signal.eventType, error.path, error.message);
    throw error;
  }
}

const toJson = {
  unsafeIntegers: 'bigint',
  bytes: (value: Uint8Array) =>
    Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'),
} as const;
