import type { CustomShape, Shape } from '@openedx-ts/events-core';
import type { AnyShape } from '@openedx-ts/events-core/bus';
import { isWellFormed } from '../schema/is-well-formed.js';

/** A value that cannot be written; `path` is its field. */
export class RecordError extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(reason);
    this.path = path;
  }
}

/** The form of integers and bytes in a record dictionary. */
export interface RecordForm {
  readonly unsafeIntegers: 'refuse' | 'bigint';
  readonly bytes: (value: Uint8Array) => unknown;
}

/**
 * Builds the Avro record dictionary of checked data, with custom values as their primitives. It is slow and names the
 * path of a value that it refuses, so the codec calls it to explain why encoding failed.
 *
 * @throws RecordError
 */
export function recordOfData(shape: Shape, value: unknown, form: RecordForm, path = ''): unknown {
  return convert(shape as AnyShape, value, form, path);
}

function convert(shape: AnyShape, value: unknown, form: RecordForm, path: string): unknown {
  switch (shape.kind) {
    case 'optional':
      return value === null || value === undefined ? null : convert(shape.of as AnyShape, value, form, path);
    case 'withDefault':
      return convert(shape.of as AnyShape, value === undefined ? shape.default : value, form, path);
    case 'record': {
      if (typeof value !== 'object' || value === null) return refuse(path, `expected ${shape.name}`);
      const entries = Object.entries(shape.fields).map(([name, field]) => {
        const inner = (value as Record<string, unknown>)[name];
        return [name, convert(field as AnyShape, inner, form, at(path, name))];
      });
      return Object.fromEntries(entries);
    }
    case 'list':
      if (!Array.isArray(value)) return refuse(path, 'expected a list');
      return value.map((item, index) => convert(shape.of as AnyShape, item, form, at(path, String(index))));
    case 'map': {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return refuse(path, 'expected a map');
      const entries = Object.entries(value).map(([key, item]) => {
        if (key === '__proto__') return refuse(path, 'the key __proto__ is not allowed');
        if (!isWellFormed(key)) return refuse(path, 'a key has a lone surrogate');
        return [key, convert(shape.values as AnyShape, item, form, at(path, key))];
      });
      return Object.fromEntries(entries);
    }
    case 'custom':
      return primitive(shape.type.wire, toWire(shape, value, path), form, path);
    default:
      return primitive(shape.kind, value, form, path);
  }
}

function toWire(shape: CustomShape, value: unknown, path: string): unknown {
  try {
    return shape.type.toWire(value);
  } catch (error) {
    return refuse(path, error instanceof Error ? error.message : `expected ${shape.type.name}`);
  }
}

function primitive(kind: string, value: unknown, form: RecordForm, path: string): unknown {
  switch (kind) {
    case 'string':
      if (typeof value !== 'string') return refuse(path, 'expected text');
      return isWellFormed(value) ? value : refuse(path, 'the text has a lone surrogate');
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse(path, 'expected a boolean');
    case 'double':
      return typeof value === 'number' ? value : refuse(path, 'expected a number');
    case 'bytes':
      return value instanceof Uint8Array ? form.bytes(value) : refuse(path, 'expected bytes');
    default:
      return integer(value, form, path);
  }
}

function integer(value: unknown, form: RecordForm, path: string): unknown {
  if (Number.isSafeInteger(value)) return value;
  if (form.unsafeIntegers === 'refuse') return refuse(path, 'expected an integer within ±(2^53 - 1)');
  const isLong = typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
  return isLong ? value : refuse(path, 'expected an integer of 64 bits');
}

function refuse(path: string, reason: string): never {
  throw new RecordError(path, reason);
}

function at(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
