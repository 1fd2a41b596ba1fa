import { isDeepStrictEqual } from 'node:util';
import {
  InvalidDataError,
  type Issue,
  type OpenEdxPublicSignal,
  type PayloadFields,
  type Shape,
} from '@openedx-ts/events-core';
import { type AnyShape, checkOf } from '@openedx-ts/events-core/bus';
import type { PartialData } from './partial-data.js';
import { wireValue } from './wire-value.js';

/** One place where data is not as expected; values in the form that travels. */
export interface Mismatch {
  /** Dotted, e.g. `user.pii.username`. */
  readonly path: string;
  readonly expected: unknown;
  readonly received: unknown;
}

/** Says where received data is not as expected; nothing when it is. */
export type DataMatcher = (data: unknown) => readonly Mismatch[];

/**
 * Prepares the comparison of received data with some expected data of a signal.
 *
 * @throws InvalidDataError when the signal could never carry what is expected, such as a misspelt field
 */
export function dataMatcher<F extends PayloadFields>(
  signal: OpenEdxPublicSignal<F>,
  expected: PartialData<F>,
): DataMatcher {
  const issues: Issue[] = [];
  const matcher = compile(signal.shape as unknown as AnyShape, expected, '', issues);
  if (issues.length > 0) throw new InvalidDataError(signal.eventType, issues);
  return matcher;
}

function compile(shape: Shape, expected: unknown, path: string, issues: Issue[]): DataMatcher {
  const any = shape as AnyShape;
  if (any.kind === 'withDefault') return compile(any.of, expected, path, issues);
  if (any.kind === 'optional' && expected !== null) return compile(any.of, expected, path, issues);
  if (any.kind === 'record' && isRecord(expected)) return compileRecord(any.fields, expected, path, issues);
  return compileWhole(any, expected, path, issues);
}

function compileRecord(
  fields: Readonly<Record<string, Shape>>,
  expected: Readonly<Record<string, unknown>>,
  path: string,
  issues: Issue[],
): DataMatcher {
  const matchers: (readonly [string, DataMatcher])[] = [];
  for (const [field, value] of Object.entries(expected)) {
    if (value === undefined) continue;
    const at = path === '' ? field : `${path}.${field}`;
    const shape = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (shape === undefined) {
      issues.push({ path: at, message: `no such field; there is ${Object.keys(fields).join(', ')}` });
    } else matchers.push([field, compile(shape, value, at, issues)]);
  }
  return (data) =>
    isRecord(data)
      ? matchers.flatMap(([field, matcher]) => matcher(data[field]))
      : [{ path, expected, received: data }];
}

function compileWhole(shape: AnyShape, expected: unknown, path: string, issues: Issue[]): DataMatcher {
  const found: Issue[] = [];
  const normalized = checkOf(shape, { unsafeIntegers: 'bigint' })(expected, found);
  for (const issue of found) {
    issues.push({ ...issue, path: [path, issue.path].filter((part) => part !== '').join('.') });
  }
  const wanted = found.length === 0 ? wireValue(shape, normalized) : undefined;
  return (data) => {
    const received = wireValue(shape, data);
    return isDeepStrictEqual(received, wanted) ? [] : [{ path, expected: wanted, received }];
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
