// Which characters the parts of a key may have. A "word character" is a letter, a number or `_`, of any
// script, as in Python's `\w`; combining marks are not word characters.

/**
 * Calls without a lookup: once any package extends `String`, as ioredis does, V8 keeps `String.prototype` as a hash table,
 * and `text.charCodeAt()` is no longer compiled into its caller.
 */
const { charCodeAt } = String.prototype;

/** Org, course, run, branch, block type, and the block id of the `…-v1` forms. */
export const isId = partTest('-~.:');

/** A block id where `%` is tolerated: the old `i4x://` form, and a block behind a course key. */
export const isLooseId = partTest('-~.:%');

/** Org, course and run in the old slash-separated forms. */
export const isOldCoursePart = partTest('-.%');

/** A slug or an id in the colon-separated library forms. */
export const isSlug = partTest('-.');

/** An org or a block or container type in the colon-separated library forms: ASCII only. */
export const isAsciiSlug = partTest('-.', /^[A-Za-z0-9_.-]+$/);

/** An object id in hexadecimal, as the course forms print it. */
export const isVersion = (part: string): boolean => /^[0-9a-f]{24}$/.test(part);

/** As {@link isVersion} in either letter case, for the CCX forms. */
export const isVersionInAnyCase = (part: string): boolean => /^[0-9a-f]{24}$/i.test(part);

/** The number of a CCX: decimal digits of any script. */
export const isCcxId = (part: string): boolean => /^\p{Nd}+$/u.test(part);

/** Whether the text has lone surrogates, which have no UTF-8 form. */
export const hasLoneSurrogate = (text: string): boolean => /\p{Surrogate}/u.test(text);

/** A test for "not empty, and only word characters or the marks given". One pass; linear in the length. */
function partTest(marks: string, whole = wordPattern(marks)): (part: string) => boolean {
  const allowed = new Uint8Array(128);
  for (let code = 0; code < 128; code++) {
    const character = String.fromCharCode(code);
    allowed[code] = /\w/.test(character) || marks.includes(character) ? 1 : 0;
  }
  return (part) => {
    for (let index = 0; index < part.length; index++) {
      const code = charCodeAt.call(part, index);
      // The table covers ASCII, which is nearly every key; the pattern covers other characters.
      if (code >= 128) return whole.test(part);
      if (allowed[code] === 0) return false;
    }
    return part.length > 0;
  };
}

function wordPattern(marks: string): RegExp {
  return new RegExp(`^[\\p{L}\\p{N}_${marks.replace('-', '\\-')}]+$`, 'u');
}
