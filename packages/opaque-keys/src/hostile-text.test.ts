import { describe, expect, it } from 'vitest';
import { InvalidKeyError, type OpaqueKey, parseCCXLocator, parseCourseKey, parseUsageKey } from './index.js';

/** Texts that invite a parser to look again and again at the same characters, `size` characters long. */
const hostile: Readonly<Record<string, (size: number) => string>> = {
  'many plain parts': (size) => `course-v1:${'a+'.repeat(size / 2)}`,
  'many labels': (size) => `course-v1:a+b+c+${'branch@x+'.repeat(size / 9)}`,
  'one long part with a bad end': (size) => `course-v1:a+b+${'c'.repeat(size)} `,
  'one long non-ASCII part with a bad end': (size) => `course-v1:a+b+${'é'.repeat(size)} `,
  'many colons': (size) => `lb:${':a'.repeat(size / 2)}`,
  'many slashes': (size) => `i4x://${'a/'.repeat(size / 2)}`,
  'many ats': (size) => `i4x://a/b/c/${'@'.repeat(size)}`,
  'a long prefix': (size) => `${'a-'.repeat(size / 2)} :x`,
  'no prefix': (size) => 'a'.repeat(size),
  'a long plug-in key': (size) => `foo:${'a:'.repeat(size / 2)}`,
};

describe('hostile texts', () => {
  it.each(Object.entries(hostile))('costs time in proportion to its length: %s', async (_name, text) => {
    // A quadratic parser would need minutes for a million characters; a linear one needs milliseconds.
    const long = text(1_000_000);
    await expect(() => {
      for (const parse of [parseCourseKey, parseUsageKey, parseCCXLocator]) attempt(parse, long);
    }).toCostAtMostMs(1000);
  });
});

function attempt(parse: (text: string) => OpaqueKey, text: string): void {
  try {
    expect(parse(text).text).toBe(text);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidKeyError);
  }
}
