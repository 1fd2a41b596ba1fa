import type { RecordShape } from '@openedx-ts/events-core/bus';
import type { SchemaNode } from '../schema/schema-node.js';
import { type AvscType, fieldType } from './avsc.js';
import { failedValue, type ReadState, readState } from './read-state.js';
import { readerType } from './reader-type.js';
import { ScratchBuffer } from './scratch-buffer.js';
import { writerType } from './writer-type.js';

/** The Avro library as the codec uses it: one record type. Bytes must have passed `scanRecord` before they are read. */
export interface RecordDriver {
  readonly unsafeIntegers: 'refuse' | 'bigint';
  /** Writes checked data. Throws an error without a path when a value cannot be written. */
  write(data: object): Uint8Array;
  /** Reads bytes that were written with the schema of the shape. */
  readonly read: ReadRecord;
  /** Compiles a reader of bytes of a writer's schema; `plan` is that schema resolved against the shape's. */
  readerFor(plan: SchemaNode): ReadRecord;
  /** Compiles a writer of the field at a path of the record, for keys. */
  valueWriter(path: readonly string[]): (value: unknown) => Uint8Array;
}

/** Reads a record; `isAscii`: all its text is ASCII. */
export type ReadRecord = (bytes: Uint8Array, isAscii: boolean) => object;

/** A custom type refused a value that was read; `path` is its field. */
export class CustomValueError extends Error {
  readonly path: string;

  constructor(path: string, error: unknown) {
    super(error instanceof Error ? error.message : 'a custom type refused its value');
    this.path = path;
  }
}

/** Creates the driver of a record shape, with avsc. */
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
 * Up to this size, in bytes, a record becomes one string of which the texts of its fields are slices: much faster than a
 * call into the engine for each text. A slice keeps the whole string in memory, hence the limit.
 */
const MAX_SLICED_RECORD = 1024;

function readWith(bytes: Uint8Array, isAscii: boolean, read: (buffer: Buffer) => unknown): object {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { ascii: outerAscii, failure: outerFailure } = readState;
  readState.ascii = isAscii && buffer.length <= MAX_SLICED_RECORD ? buffer.toString('latin1') : null;
  readState.failure = null;
  let failure: ReadState['failure'];
  let data: unknown;
  try {
    data = read(buffer);
  } finally {
    ({ failure } = readState);
    readState.ascii = outerAscii;
    readState.failure = outerFailure;
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
