import type { Issue } from '../errors/events-error.js';
import { nearestName } from '../errors/nearest-name.js';
import { defaultOf } from './default-of.js';
import { InvalidJsonError } from './invalid-json-error.js';
import type { AnyShape, CustomShape, Fields, Shape } from './shape.js';

/**
 * Normalises a value that may be sent into the value receivers get. What is wrong is pushed to `issues`, with the
 * path inside the value; the returned value means something only when nothing was pushed.
 */
export type Check = (value: unknown, issues: Issue[]) => unknown;

/** How strictly integers are taken. */
export interface CheckOptions {
  /** `'bigint'` also takes (and keeps) integers of up to 64 bits given as `bigint`. @defaultValue 'refuse' */
  readonly unsafeIntegers?: 'refuse' | 'bigint';
}

/** The check of a shape, compiled on first use and kept. */
export function checkOf(shape: Shape, { unsafeIntegers = 'refuse' }: CheckOptions = {}): Check {
  const compiled = compiledChecks[unsafeIntegers];
  let check = compiled.get(shape);
  if (check === undefined) {
    check = compile(shape as AnyShape, unsafeIntegers);
    compiled.set(shape, check);
  }
  return check;
}

const compiledChecks = { refuse: new WeakMap<Shape, Check>(), bigint: new WeakMap<Shape, Check>() };

function compile(shape: AnyShape, unsafeIntegers: 'refuse' | 'bigint'): Check {
  const of = (inner: Shape) => checkOf(inner, { unsafeIntegers });
  switch (shape.kind) {
    case 'string':
      return checkString;
    case 'boolean':
      return checkBoolean;
    case 'double':
      return checkDouble;
    case 'bytes':
      return checkBytes;
    case 'long':
      return unsafeIntegers === 'bigint' ? checkLongOrBigint : checkLong;
    case 'list':
      return checkList(of(shape.of));
    case 'map':
      return checkMap(of(shape.values));
    case 'record':
      return checkRecord(shape.name, shape.fields, of);
    case 'optional': {
      const check = of(shape.of);
      return (value, issues) => (value === null || value === undefined ? null : check(value, issues));
    }
    case 'withDefault': {
      const check = of(shape.of);
      return (value, issues) => (value === undefined ? defaultOf(shape) : check(value, issues));
    }
    case 'custom':
      return checkCustom(shape.type);
  }
}

const checkString: Check = (value, issues) =>
  typeof value === 'string' ? value : mismatch(issues, 'text', value);

const checkBoolean: Check = (value, issues) =>
  typeof value === 'boolean' ? value : mismatch(issues, 'a boolean', value);

const checkDouble: Check = (value, issues) =>
  typeof value === 'number' ? value : mismatch(issues, 'a number', value);

const checkLong: Check = (value, issues) => {
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value; // -0 has no integer form
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) {
    return refuse(issues, 'expected an integer within ±(2^53 - 1): a number cannot hold this one exactly');
  }
  return mismatch(issues, 'an integer', value);
};

const checkLongOrBigint: Check = (value, issues) => {
  if (typeof value !== 'bigint') return checkLong(value, issues);
  if (BigInt.asIntN(64, value) !== value) return refuse(issues, 'expected an integer of 64 bits');
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
};

/** Copied: the caller may reuse its buffer before the event has left. */
const checkBytes: Check = (value, issues) =>
  value instanceof Uint8Array ? new Uint8Array(value) : mismatch(issues, 'bytes (a Uint8Array)', value);

function checkList(item: Check): Check {
  return (value, issues) => {
    if (!Array.isArray(value)) return mismatch(issues, 'a list', value);
    const items = new Array<unknown>(value.length);
    for (let index = 0; index < value.length; index += 1) {
      const before = issues.length;
      items[index] = item(value[index], issues);
      if (issues.length !== before) prefixPaths(issues, before, String(index));
    }
    return items;
  };
}

function checkMap(check: Check): Check {
  return (value, issues) => {
    // A Map has no keys of its own: taking it for an object would silently lose its entries.
    if (!isObject(value) || Symbol.iterator in value)
      return mismatch(issues, 'a map (a plain object)', value);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const before = issues.length;
      if (key === '__proto__') refuse(issues, 'the key __proto__ is not allowed');
      else result[key] = check(value[key], issues);
      if (issues.length !== before) prefixPaths(issues, before, key);
    }
    return result;
  };
}

function checkRecord(name: string, fields: Fields, of: (shape: Shape) => Check): Check {
  const names = Object.keys(fields);
  const checks = Object.values(fields).map(of);
  // A field called like something every object inherits is only there when the object itself has it.
  const inherited = new Set(names.filter((field) => field in Object.prototype));
  return (value, issues) => {
    if (!isObject(value)) return mismatch(issues, name, value);
    const result: Record<string, unknown> = {};
    let given = 0;
    for (let index = 0; index < names.length; index += 1) {
      const field = names[index] as string;
      const own = inherited.size === 0 || !inherited.has(field) || Object.hasOwn(value, field);
      const fieldValue = own ? value[field] : undefined;
      if (fieldValue !== undefined) given += 1;
      const before = issues.length;
      result[field] = (checks[index] as Check)(fieldValue, issues);
      if (issues.length !== before) prefixPaths(issues, before, field);
    }
    let present = 0;
    for (const _ in value) present += 1;
    if (present !== given) refuseUnknownFields(issues, name, value, fields);
    else if (present === 0 && !isRecordLike(value)) return mismatch(issues, name, value);
    return result;
  };
}

function refuseUnknownFields(issues: Issue[], record: string, value: object, fields: Fields): void {
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(fields, key)) continue;
    const nearest = nearestName(key, Object.keys(fields));
    const hint = nearest === undefined ? '' : `: did you mean ${nearest}?`;
    issues.push({ path: key, message: `${record} has no such field${hint}` });
  }
}

function checkCustom(type: CustomShape['type']): Check {
  return (value, issues) => {
    if (value === null || value === undefined) return mismatch(issues, type.name, value);
    try {
      const normalized = type.normalize(value);
      return unshared(normalized);
    } catch (error) {
      if (error instanceof InvalidJsonError) issues.push(error.issue);
      else refuse(issues, error instanceof Error ? error.message : `expected ${type.name}`);
      return undefined;
    }
  };
}

/** Bytes cannot be frozen: whoever holds them could change those of an event. */
function unshared(value: unknown): unknown {
  return value instanceof Uint8Array ? new Uint8Array(value) : value;
}

function mismatch(issues: Issue[], expected: string, value: unknown): undefined {
  return refuse(
    issues,
    value === undefined
      ? `expected ${expected}, but it is missing`
      : `expected ${expected}, got ${kindOf(value)}`,
  );
}

function refuse(issues: Issue[], message: string): undefined {
  issues.push({ path: '', message });
  return undefined;
}

/** Issues found below a field carry the path below it; this puts the field in front. */
function prefixPaths(issues: Issue[], from: number, segment: string): void {
  for (let index = from; index < issues.length; index += 1) {
    const { path, message } = issues[index] as Issue;
    issues[index] = { path: path === '' ? segment : `${segment}.${path}`, message };
  }
}

/** Names the kind of a value, never the value: errors may be logged and data may be personal. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a Date';
  if (value instanceof Uint8Array) return 'bytes';
  if (typeof value === 'number' && !Number.isInteger(value))
    return Number.isFinite(value) ? 'a fraction' : 'NaN or an infinity';
  return (
    { string: 'text', number: 'a number', boolean: 'a boolean', object: 'an object', function: 'a function' }[
      typeof value as string
    ] ?? `a ${typeof value}`
  );
}

/** Whether an object without any field may stand for a record whose fields are all optional: a Date, say, may not. */
function isRecordLike(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]' && !(Symbol.iterator in value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
