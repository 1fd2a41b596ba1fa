import type { OpaqueKey } from './opaque-key.js';

/**
 * True when two keys have the same text. A prefix belongs to one kind of key, so the same text is the same key,
 * also between copies of this package that know different kinds.
 */
export function keysEqual(a: OpaqueKey, b: OpaqueKey): boolean {
  return a.text === b.text;
}
