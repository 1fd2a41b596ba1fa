import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  InvalidKeyError,
  type OpaqueKey,
  parseCCXLocator,
  parseCourseKey,
  parseLibraryCollectionLocator,
  parseLibraryContainerLocator,
  parseLibraryLocatorV2,
  parseLibraryUsageLocatorV2,
  parseUsageKey,
} from './index.js';

/** What the Python library makes of a text; `scripts/make-vectors.py` writes them. */
interface Vector {
  readonly keyType: string;
  readonly text: string;
  readonly key: Facts | null;
}
type Facts = { readonly [name: string]: string | boolean | null | Facts };

const parsers: Readonly<Record<string, (text: string) => OpaqueKey>> = {
  CourseKey: parseCourseKey,
  UsageKey: parseUsageKey,
  CCXLocator: parseCCXLocator,
  LibraryLocatorV2: parseLibraryLocatorV2,
  LibraryUsageLocatorV2: parseLibraryUsageLocatorV2,
  LibraryCollectionLocator: parseLibraryCollectionLocator,
  LibraryContainerLocator: parseLibraryContainerLocator,
};

const vectors = readFileSync(new URL('./vectors.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

/** The one way in which this package takes less: the Python library lets `\n` end a colon-separated part. */
const endsPartWithNewline = ({ text }: Vector) => /^(lib|lb|lct|lib-collection):.*\n(:|$)/.test(text);

describe('Python vectors', () => {
  it('covers every key type with accepted and refused texts', () => {
    for (const keyType of Object.keys(parsers)) {
      const ofType = vectors.filter((vector) => vector.keyType === keyType);
      expect(ofType.filter(({ key }) => key !== null).length, keyType).toBeGreaterThan(10);
      expect(ofType.filter(({ key }) => key === null).length, keyType).toBeGreaterThan(50);
    }
  });

  it('reads every text that Python reads, with the same facts, and prints it unchanged', () => {
    for (const vector of vectors) {
      if (vector.key === null || endsPartWithNewline(vector)) continue;
      const key = read(vector);
      expect(key === undefined ? undefined : factsOf(key), JSON.stringify(vector)).toEqual(vector.key);
      expect(String(key)).toBe(vector.text);
    }
  });

  it('refuses every text that Python refuses, except keys that a plug-in may have defined', () => {
    const taken = vectors.filter((vector) => vector.key === null && read(vector) !== undefined);
    expect(taken.filter((vector) => read(vector)?.kind !== 'opaque')).toEqual([]);
    const texts = new Set(taken.map(({ text }) => text));
    expect([...texts]).toEqual(['foo:a+b+c', 'aside-usage-v1:foo', 'x:y/b/c']);
  });

  it('refuses a newline at the end of a part of a library key', () => {
    const accepted = vectors.filter((vector) => vector.key !== null && endsPartWithNewline(vector));
    expect(accepted.length).toBeGreaterThan(10);
    expect(accepted.filter((vector) => read(vector) !== undefined)).toEqual([]);
  });
});

function read({ keyType, text }: Vector): OpaqueKey | undefined {
  try {
    return parsers[keyType]?.(text);
  } catch (error) {
    if (error instanceof InvalidKeyError) return undefined;
    throw error;
  }
}

/** The own fields of a key without its text, with `null` for `undefined`, as the vectors have them. */
function factsOf(key: OpaqueKey): Facts {
  const facts = Object.entries(key).filter(([name]) => name !== 'text');
  return Object.fromEntries(
    facts.map(([name, value]) => [name, typeof value === 'object' ? factsOf(value) : (value ?? null)]),
  );
}
