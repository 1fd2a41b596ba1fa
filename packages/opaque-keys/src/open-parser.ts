import { failParse, requireText } from './fail-parse.js';
import { interned } from './interned.js';
import type { KeyTypeName } from './invalid-key-error.js';
import { type PluginKey, readPluginKey } from './plugin-key.js';
import { KNOWN_PREFIXES, prefixOf } from './prefix.js';

/**
 * Creates the parser of a key type that plug-ins can extend: a text with an unknown prefix becomes a
 * {@link PluginKey}, so that an event with such a key survives.
 *
 * @param read reads the known prefixes of the key type, and its old form.
 */
export function openParser<Key extends object>(
  keyType: KeyTypeName,
  read: (text: string, prefix: string) => Key | undefined,
): (text: string) => Key | PluginKey {
  return interned((text) => {
    requireText(keyType, text);
    const prefix = prefixOf(text);
    const owner = KNOWN_PREFIXES.get(prefix);
    if (owner !== undefined && owner !== keyType) failParse(keyType, 'another');
    const key = read(text, prefix) ?? readPluginKey(text, prefix);
    return key ?? failParse(keyType, owner === keyType ? 'this' : 'none');
  });
}
