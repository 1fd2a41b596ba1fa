import {
  type CustomShape,
  InvalidDataError,
  type Issue,
  type OpenEdxPublicSignal,
  type Shape,
} from '@openedx-ts/events-core';
import {
  type AnyShape,
  defaultOf,
  type Fields,
  maskPersonalPath,
  nearestName,
} from '@openedx-ts/events-core/bus';
import type { RecordJson } from './record-to-json.js';

/**
 * Reads the data of an event from its Avro record dictionary (see `recordToJson`). Optional fields may be missing or
 * null, fields with a default may be missing; unknown fields are refused. The result is checked data, as receivers get
 * it.
 *
 * @throws InvalidDataError with the path of every issue
 */
export function recordFromJson(signal: OpenEdxPublicSignal, json: RecordJson): object {
  const issues: Issue[] = [];
  const data = read(signal.shape as AnyShape, json, '', issues);
  if (issues.length > 0) {
    const shown = issues.map(({ path, message }) => ({
      path: maskPersonalPath(signal.shape, path),
      message,
    }));
    throw new InvalidDataError(signal.eventType, shown);
  }
  return data as object;
}

function read(shape: AnyShape, json: unknown, path: string, issues: Issue[]): unknown {
  switch (shape.kind) {
    case 'optional':
      return json === null || json === undefined ? null : read(shape.of as AnyShape, json, path, issues);
    case 'withDefault':
      return json === undefined ? defaultOf(shape) : read(shape.of as AnyShape, json, path, issues);
    case 'record':
      return readRecord(shape.name, shape.fields, json, path, issues);
    case 'list':
      if (!Array.isArray(json)) return refuse(issues, path, 'expected a list');
      return json.map((item, index) => read(shape.of as AnyShape, item, at(path, String(index)), issues));
    case 'map':
      return readMap(shape.values as AnyShape, json, path, issues);
    case 'custom':
      return readCustom(shape.type, json, path, issues);
    default:
      return readPrimitive(shape.kind, json, path, issues);
  }
}

function readRecord(name: string, fields: Fields, json: unknown, path: string, issues: Issue[]): unknown {
  if (!isObject(json)) return refuse(issues, path, `expected ${name}`);
  for (const key of Object.keys(json)) {
    if (Object.hasOwn(fields, key)) continue;
    const nearest = nearestName(key, Object.keys(fields));
    const hint = nearest === undefined ? '' : `: did you mean ${nearest}?`;
    refuse(issues, at(path, key), `${name} has no such field${hint}`);
  }
  const entries = Object.entries(fields).map(([field, shape]: [string, Shape]) => {
    const value = Object.hasOwn(json, field) ? json[field] : undefined;
    return [field, read(shape as AnyShape, value, at(path, field), issues)];
  });
  return Object.fromEntries(entries);
}

function readMap(values: AnyShape, json: unknown, path: string, issues: Issue[]): unknown {
  if (!isObject(json)) return refuse(issues, path, 'expected a map');
  const entries = Object.entries(json).map(([key, value]) => {
    if (key === '__proto__') refuse(issues, at(path, key), 'the key __proto__ is not allowed');
    return [key, read(values, value, at(path, key), issues)];
  });
  return Object.fromEntries(entries);
}

function readCustom(type: CustomShape['type'], json: unknown, path: string, issues: Issue[]): unknown {
  const before = issues.length;
  const wire = readPrimitive(type.wire, json, path, issues);
  if (issues.length > before) return undefined;
  if (typeof wire === 'bigint') return refuse(issues, path, 'expected an integer within ±(2^53 - 1)');
  try {
    return type.fromWire(wire as string);
  } catch (error) {
    return refuse(issues, path, error instanceof Error ? error.message : `expected ${type.name}`);
  }
}

function readPrimitive(kind: string, json: unknown, path: string, issues: Issue[]): unknown {
  switch (kind) {
    case 'string':
      return typeof json === 'string' ? json : refuse(issues, path, 'expected text');
    case 'boolean':
      return typeof json === 'boolean' ? json : refuse(issues, path, 'expected a boolean');
    case 'double':
      if (typeof json === 'bigint') return Number(json);
      return typeof json === 'number' ? json : refuse(issues, path, 'expected a number');
    case 'bytes': {
      // One character for each byte, so none beyond U+00FF.
      const isBytes = typeof json === 'string' && !/[^\0-\xff]/.test(json);
      return isBytes ? bytesOf(json) : refuse(issues, path, 'expected bytes as text of U+0000 to U+00FF');
    }
    default:
      return readInteger(json, path, issues);
  }
}

function readInteger(json: unknown, path: string, issues: Issue[]): unknown {
  if (Number.isSafeInteger(json)) return json === 0 ? 0 : json;
  if (typeof json === 'bigint' && BigInt.asIntN(64, json) === json)
    return Number.isSafeInteger(Number(json)) ? Number(json) : json;
  return refuse(issues, path, 'expected an integer of 64 bits, as bigint beyond ±(2^53 - 1)');
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function refuse(issues: Issue[], path: string, message: string): undefined {
  issues.push({ path, message });
  return undefined;
}

function at(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
