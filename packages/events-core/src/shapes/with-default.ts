import { describeIssues, type Issue } from '../errors/events-error.js';
import { InvalidShapeError } from '../errors/signal-errors.js';
import { checkOf } from './check.js';
import { makeShape } from './make-shape.js';
import type { InputOf, ShapeAnnotations, ValueShape, WithDefaultShape } from './shape.js';

/**
 * A record field with a value for when it is left out. The default is filled in when sending and is not part of the
 * Avro schema (the reference writes no default but `null`), so Python peers see a required field. Our own reader
 * does use it for events of writers that did not know the field yet. Lists, maps and records in it are frozen, since all
 * events that leave the field out share it. Annotations default to those of `of`.
 *
 * @throws InvalidShapeError when the default does not fit the shape
 */
export function withDefault<S extends ValueShape>(
  of: S,
  value: InputOf<S>,
  annotations?: ShapeAnnotations,
): WithDefaultShape<S> {
  const issues: Issue[] = [];
  const normalized = checkOf(of)(value, issues);
  if (issues.length > 0)
    throw new InvalidShapeError(`the default does not fit its shape: ${describeIssues(issues)}`);
  const shared = deepFreeze(normalized);
  return makeShape<WithDefaultShape<S>>({ kind: 'withDefault', of, default: shared }, annotations, of);
}

/** Freezes what checks build: lists and plain objects. Values of custom types look after themselves. */
function deepFreeze<T>(value: T): T {
  const isPlain =
    Array.isArray(value) ||
    (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);
  if (!isPlain) return value;
  for (const inner of Object.values(value as object)) deepFreeze(inner);
  return Object.freeze(value);
}
