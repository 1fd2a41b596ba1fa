import type { RecordShape } from '@openedx-ts/events-core/bus';
import type { SchemaNode } from '../schema/schema-node.js';
import { type AvscType, fieldType } from './avsc.js';
import { readerType } from './reader-type.js';
import { failedValue, type Reading, reading } from './reading.js';
import { ScratchBuffer } from './scratch-buffer.js';
import { writerType } from './writer-type.js';

/** What the codec needs of an Avro library. Bytes given to a read have passed `scanRecord`. */
export interface RecordDriver {
  readonly unsafeIntegers: 'refuse' | 'bigint';
  /** Writes checked data. Throws something, without saying where, when a value cannot be written. */
  write(data: object): Uint8Array;
  /** Reads bytes of our own schema. */
  readonly read: ReadRecord;
  /** Prepares reading bytes of a writer's schema that was resolved against ours. */
  readerFor(plan: SchemaNode): ReadRecord;
  /** Prepares writing one value of a shape inside the record, for keys. */
  valueWriter(path: readonly string[]): (value: unknown) => Uint8Array;
}

/** Reads a record; `isAscii` when all text in it is ASCII. */
export type ReadRecord = (bytes: Uint8Array, isAscii: boolean) => object;

/** A custom type refused a value it read. */
export class CustomValueError extends Error {
  readonly path: string;

  constructor(path: string, error: unknown) {
    super(error instanceof Error ? error.message : 'a custom type refused its value');
    this.path = path;
  }
}

/** The driver on avsc. */
export function recordDriver(shape: RecordShape, unsafeIntegers: 'refuse' | 'bigint'): RecordDriver {
  const type = readerType(shape, unsafeIntegers);
  return {
    unsafeIntegers,
    write: (data) => scratch.write(type, data),
    read: (bytes, isAscii) => readWith(bytes, isAscii, (buffer) => type.fromBuffer(buffer)),
    readerFor(plan) {
      const resolver = type.createResolver(writerType(plan), { ignoreNamespaces: true });
      return (bytes, isAscii) => readWith(bytes, isAscii, (buffer) => type.fromBuffer(buffer, resolver));
    },
    valueWriter(path) {
      const inner = path.reduce<AvscType>((type, name) => fieldType(type, name), type);
      return (value) => scratch.write(inner, value);
    },
  };
}

const scratch = new ScratchBuffer();

/**
 * Up to here all of a record becomes one text whose parts are the texts of its fields: much faster than one call into
 * the engine for each. A part keeps the whole alive, hence the bound.
 */
const SMALL_RECORD = 1024;

function readWith(bytes: Uint8Array, isAscii: boolean, read: (buffer: Buffer) => unknown): object {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { ascii: outerAscii, failure: outerFailure } = reading;
  reading.ascii = isAscii && buffer.length <= SMALL_RECORD ? buffer.toString('latin1') : null;
  reading.failure = null;
  let failure: Reading['failure'];
  let data: unknown;
  try {
    data = read(buffer);
  } finally {
    ({ failure } = reading);
    reading.ascii = outerAscii;
    reading.failure = outerFailure;
  }
  if (failure !== null) throw new CustomValueError(pathOfFailure(data) ?? '', failure.error);
  return data as object;
}

function pathOfFailure(value: unknown): string | undefined {
  if (value === failedValue) return '';
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const path = pathOfFailure(inner);
    if (path !== undefined) return path === '' ? name : `${name}.${path}`;
  }
  return undefined;
}
