import { type OpenEdxPublicSignal, ProducerConfigurationError } from '@openedx-ts/events-core';
import {
  type EncodedKey,
  EncodingFailedError,
  type KeyCodec,
  resolveKeyPath,
} from '@openedx-ts/events-core/bus';
import type { RecordDriver } from '../driver/record-driver.js';
import { RecordError, recordOfData } from '../record/record-of-data.js';
import { pythonJson } from '../schema/python-json.js';
import { fieldJson } from '../schema/schema-json.js';
import { writerSchema } from '../schema/schema-of.js';

/**
 * Creates the codec of the keys at a path of a signal's data. Their schema is the definition of the field, byte for byte
 * as the Python services register it: its id is a part of the key's bytes, and these decide the partition.
 *
 * @throws ProducerConfigurationError when the path does not exist or cannot be a key
 */
export function keyCodec(signal: OpenEdxPublicSignal, driver: RecordDriver, eventKeyField: string): KeyCodec {
  const { eventType } = signal;
  const key = resolveKeyPath(signal.shape.fields, eventKeyField);
  if ('problem' in key)
    throw new ProducerConfigurationError([{ path: `${eventType}.event_key_field`, message: key.problem }]);
  const { field, shape, valueIn } = key;
  const schema = writerSchema(pythonJson(fieldJson(field, shape, new Set())));
  const write = driver.valueWriter(eventKeyField.split('.'));
  const form = { unsafeIntegers: driver.unsafeIntegers, bytes: (value: Uint8Array) => value };
  return Object.freeze({
    schema,
    encode(data: object): EncodedKey {
      try {
        const value = valueIn(data);
        return { text: String(recordOfData(shape, value, form, eventKeyField)), bytes: write(value), schema };
      } catch (error) {
        const isKnown = error instanceof RecordError;
        throw new EncodingFailedError(
          eventType,
          eventKeyField,
          isKnown ? error.message : 'the data has no value at the key path',
        );
      }
    },
  });
}
