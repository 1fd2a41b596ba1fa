import { failParse, requireText } from './fail-parse.js';
import { interned } from './interned.js';
import type { KeyTypeName } from './invalid-key-error.js';
import { KNOWN_PREFIXES, prefixOf } from './prefix.js';

/** Creates the parser of a key type that has one prefix, no old form and no plug-in keys. */
export function exactParser<Key extends object>(
  keyType: KeyTypeName,
  prefix: string,
  read: (text: string) => Key | undefined,
): (text: string) => Key {
  return interned((text) => {
    requireText(keyType, text);
    const found = prefixOf(text);
    if (found !== prefix) failParse(keyType, KNOWN_PREFIXES.has(found) ? 'another' : 'none');
    return read(text) ?? failParse(keyType, 'this');
  });
}
