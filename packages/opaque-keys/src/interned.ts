/** Not looked up for each character: see `id-characters.ts`. */
const { charCodeAt } = String.prototype;

/**
 * Number of entries in a parser's cache, a power of two. A key may be in one of two entries; a new key replaces the older of
 * these two.
 */
export const INTERNED_PLACES = 4096;

/** Texts longer than this, in UTF-16 units, are parsed every time, which bounds the memory of a cache. */
export const MAX_INTERNED_LENGTH = 300;

/**
 * Creates a parser that returns the same value for the same text while the text is in its cache. Sharing is safe
 * because key values are frozen. Texts that do not parse are not remembered.
 *
 * A `Map` would have to read all of a text that was just decoded, to hash it; this looks at a few characters and
 * compares once.
 */
export function interned<Key extends object>(read: (text: string) => Key): (text: string) => Key {
  const texts = new Array<string | undefined>(INTERNED_PLACES).fill(undefined);
  const keys = new Array<Key | undefined>(INTERNED_PLACES).fill(undefined);
  return (text) => {
    if (typeof text !== 'string' || text.length > MAX_INTERNED_LENGTH) return read(text);
    const place = placeOf(text);
    if (texts[place] === text) return keys[place] as Key;
    const second = place ^ 1;
    if (texts[second] === text) return keys[second] as Key;
    const key = read(text);
    texts[second] = texts[place];
    keys[second] = keys[place];
    texts[place] = text;
    keys[place] = key;
    return key;
  };
}

/** Keys of one kind differ most towards the end, where blocks and runs stand, and in the middle. */
function placeOf(text: string): number {
  const { length } = text;
  let hash = length;
  for (let back = 1; back <= 6; back += 1)
    hash = (Math.imul(hash, 31) + charCodeAt.call(text, length - back)) | 0;
  hash = (Math.imul(hash, 31) + charCodeAt.call(text, length >> 1)) | 0;
  hash = (Math.imul(hash, 31) + charCodeAt.call(text, length >> 2)) | 0;
  return (hash ^ (hash >>> 15)) & (INTERNED_PLACES - 1);
}
