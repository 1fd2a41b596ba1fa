/** Most keys in one parser's cache; it starts again from empty when full. */
export const MAX_INTERNED_KEYS = 2000;

/** Texts longer than this, in UTF-16 units, are parsed every time, which bounds the memory of a cache. */
export const MAX_INTERNED_LENGTH = 300;

/**
 * Makes a parser that gives the same value for the same text while the text is in its cache. Sharing is safe
 * because key values are frozen. Texts that do not parse are not remembered.
 */
export function interned<Key extends object>(read: (text: string) => Key): (text: string) => Key {
  const keys = new Map<string, Key>();
  return (text) => {
    const known = keys.get(text);
    if (known !== undefined) return known;
    const key = read(text);
    if (text.length <= MAX_INTERNED_LENGTH) {
      if (keys.size >= MAX_INTERNED_KEYS) keys.clear();
      keys.set(text, key);
    }
    return key;
  };
}
