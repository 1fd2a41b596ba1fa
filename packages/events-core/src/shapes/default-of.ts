import type { WithDefaultShape } from './shape.js';

/**
 * The default of a field, for one event: lists, maps and records in it are frozen and shared, but bytes cannot be frozen,
 * so each event gets its own. For codecs.
 */
export function defaultOf(shape: WithDefaultShape): unknown {
  return withOwnBytes(shape.default);
}

function withOwnBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  const isPlain = Array.isArray(value) || isDictionary(value);
  if (!isPlain || !Object.values(value).some((inner) => withOwnBytes(inner) !== inner)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(withOwnBytes));
  const entries = Object.entries(value).map(([name, inner]) => [name, withOwnBytes(inner)]);
  return Object.freeze(Object.fromEntries(entries));
}

function isDictionary(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
