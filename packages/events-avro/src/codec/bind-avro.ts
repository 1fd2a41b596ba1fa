import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import {
  type BoundCodec,
  DecodingFailedError,
  EncodingFailedError,
  maskPersonalPath,
  type WriterSchema,
} from '@openedx-ts/events-core/bus';
import { CustomValueError, type ReadRecord, recordDriver } from '../driver/record-driver.js';
import { RecordError, recordOfData } from '../record/record-of-data.js';
import { scanRecord, wasAscii } from '../scan/scan-record.js';
import type { Scan } from '../scan/scan-state.js';
import { schemaOf } from '../schema/schema-of.js';
import { keyCodec } from './key-codec.js';
import { type WriterReaderCache, WriterReaders } from './writer-readers.js';

/** The resolved options of `avroCodec`. */
export interface BindOptions {
  readonly unsafeIntegers: 'refuse' | 'bigint';
  readonly maxValues: number;
  readonly readers: WriterReaderCache;
}

/** Binds the codec of one signal; see `avroCodec`. */
export function bindAvro(signal: OpenEdxPublicSignal, options: BindOptions): BoundCodec {
  const { eventType, shape } = signal;
  const schema = schemaOf(signal);
  const driver = recordDriver(shape, options.unsafeIntegers);
  const readers = new WriterReaders(signal, schema, driver, options.unsafeIntegers, options.readers);

  const explainEncoding = (data: object): EncodingFailedError => {
    try {
      recordOfData(shape, data, { unsafeIntegers: options.unsafeIntegers, bytes: (value) => value });
    } catch (error) {
      if (error instanceof RecordError)
        return new EncodingFailedError(eventType, maskPersonalPath(shape, error.path), error.message);
    }
    return new EncodingFailedError(eventType, '', 'the data does not fit the schema');
  };

  const undecodable = (path: string, reason: string) =>
    new DecodingFailedError(eventType, maskPersonalPath(shape, path), reason);

  const read = (scan: Scan, readRecord: ReadRecord, record: Uint8Array): object => {
    const refusal = scanRecord(scan, record, options.maxValues);
    if (refusal !== undefined) throw undecodable(refusal.path, refusal.problem);
    try {
      return readRecord(record, wasAscii());
    } catch (error) {
      if (error instanceof CustomValueError) throw undecodable(error.path, error.message);
      throw new DecodingFailedError(eventType, '', 'the bytes do not fit the schema');
    }
  };

  return Object.freeze({
    schema: Object.freeze({ text: schema.text, fingerprint: schema.fingerprint }),
    encode(data: object): Uint8Array {
      try {
        return driver.write(data);
      } catch {
        // Errors of avsc quote values, which must not be logged.
        throw explainEncoding(data);
      }
    },
    decode(record: Uint8Array, writer: WriterSchema | null): object {
      const { scan, read: readRecord } = readers.of(writer);
      return read(scan, readRecord, record);
    },
    key: (eventKeyField: string) => keyCodec(signal, driver, eventKeyField),
  });
}
