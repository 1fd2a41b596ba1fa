import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { EncodingFailedError, maskPersonalPath } from '@openedx-ts/events-core/bus';
import { RecordError, recordOfData } from './record-of-data.js';

/** The values of an Avro record dictionary: JSON, and `bigint` for integers that are not safe as a number. */
export type RecordJson =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly RecordJson[]
  | { readonly [key: string]: RecordJson };

/**
 * Converts the data of an event to its Avro record dictionary, for tools: keys and times as text, bytes as text of the
 * characters U+0000 to U+00FF (Avro's JSON form), `null` for missing optional fields, unions not wrapped. Integers beyond
 * ±(2^53 - 1) are `bigint`, `NaN` and the infinities stay numbers: format it with a JSON library that supports both.
 *
 * @throws EncodingFailedError with the path of a value that does not fit the schema
 */
export function recordToJson(signal: OpenEdxPublicSignal, data: object): { [key: string]: RecordJson } {
  try {
    return recordOfData(signal.shape, data, toJson) as { [key: string]: RecordJson };
  } catch (error) {
    if (error instanceof RecordError)
      throw new EncodingFailedError(
        signal.eventType,
        maskPersonalPath(signal.shape, error.path),
        error.message,
      );
    throw error;
  }
}

const toJson = {
  unsafeIntegers: 'bigint',
  bytes: (value: Uint8Array) =>
    Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'),
} as const;
