import { KEY_BRAND } from './key-value.js';
import type { OpaqueKey } from './opaque-key.js';

/**
 * True for a key value made by any installed copy of this package.
 *
 * Plain data that only looks like a key (a `structuredClone` of one, say) is not a key: it no longer prints
 * as its text. Parse its `text` again instead.
 */
export function isOpaqueKey(value: unknown): value is OpaqueKey {
  return typeof value === 'object' && value !== null && (value as Branded)[KEY_BRAND] === true;
}

interface Branded {
  readonly [KEY_BRAND]?: unknown;
}
