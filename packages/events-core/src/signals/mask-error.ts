import type { RecordShape } from '../shapes/shape.js';
import { personalValues } from './personal-values.js';

/**
 * A thrown value without the personal values of the event that it was thrown for (`pii` of its shape), for logs, health
 * and dead letters: they stand as `***` in its texts and those of its causes. Returns the value itself when there are
 * none; otherwise an error of the same class with the same code.
 */
export function maskError(thrown: unknown, shape: RecordShape, data: unknown): unknown {
  try {
    if (typeof thrown !== 'object' || thrown === null) return thrown;
    const values = personalValues(shape, data as object);
    return values.length === 0 ? thrown : maskedObject(thrown, values, 0);
  } catch {
    return thrown; // what cannot be read has no text either
  }
}

/** Only a copy when something in it is masked, so that an error keeps its identity otherwise. */
function maskedObject(source: object, values: readonly string[], depth: number): object {
  const masked = new Map<string, unknown>();
  for (const name of Object.getOwnPropertyNames(source)) {
    const value = (source as Readonly<Record<string, unknown>>)[name];
    const clean = maskedValue(value, values, depth);
    if (clean !== value) masked.set(name, clean);
  }
  if (masked.size === 0) return source;
  const descriptors = Object.getOwnPropertyDescriptors(source);
  const copy = Array.isArray(source)
    ? [...source]
    : Object.create(Object.getPrototypeOf(source), descriptors);
  for (const [name, value] of masked) {
    Object.defineProperty(copy, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: descriptors[name]?.enumerable ?? false,
    });
  }
  return copy;
}

function maskedValue(value: unknown, values: readonly string[], depth: number): unknown {
  if (typeof value === 'string') return values.reduce(withoutValue, value);
  const isSearched = (value instanceof Error || Array.isArray(value)) && depth < MAX_DEPTH;
  return isSearched ? maskedObject(value, values, depth + 1) : value;
}

/** A short value is masked only as a word: `Ada`, and not the `ada` of `metadata`. */
function withoutValue(text: string, value: string): string {
  if (value.length > MAX_SHORT || !text.includes(value)) return text.replaceAll(value, MASK);
  const escaped = value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu'), MASK);
}

const MASK = '***';
const MAX_SHORT = 5;
/** Causes of causes. */
const MAX_DEPTH = 5;
