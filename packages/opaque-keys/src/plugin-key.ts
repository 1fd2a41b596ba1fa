import { hasLoneSurrogate } from './id-characters.js';
import { type KeyValue, keyValue } from './key-value.js';
import { KNOWN_PREFIXES } from './prefix.js';

/**
 * A key of a type that this package does not read: an Open edX plug-in can add key types of its own. Only its
 * prefix is known; the text is kept as it came.
 */
export interface PluginKey extends KeyValue {
  readonly kind: 'opaque';
  /** The text before the first `:`. */
  readonly prefix: string;
}

/** Reads `prefix:anything` when the prefix is not a known one, in any letter case; else returns `undefined`. */
export function readPluginKey(text: string, prefix: string): PluginKey | undefined {
  if (!PLUGIN_PREFIX.test(prefix) || KNOWN_PREFIXES.has(prefix.toLowerCase())) return undefined;
  return readUnexamined(text, prefix);
}

/** Reads `prefix:anything` for a prefix that was looked at, or gives `undefined` when nothing follows it. */
export function readUnexamined(text: string, prefix: string): PluginKey | undefined {
  if (text.length === prefix.length + 1 || hasLoneSurrogate(text)) return undefined;
  return keyValue({ kind: 'opaque', text, prefix });
}

/** The names of key types that a plug-in may use: an ASCII letter, then ASCII alphanumerics, `_`, `.` or `-`. */
const PLUGIN_PREFIX = /^[A-Za-z][A-Za-z0-9_.-]*$/;
