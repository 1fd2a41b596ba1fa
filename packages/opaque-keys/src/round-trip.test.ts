import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blockUsageLocator,
  type CourseLocatorParts,
  ccxBlockUsageLocator,
  ccxLocator,
  courseLocator,
  InvalidKeyError,
  libraryCollectionLocator,
  libraryContainerLocator,
  libraryLocator,
  libraryLocatorV2,
  libraryUsageLocator,
  libraryUsageLocatorV2,
  type OpaqueKey,
  parseCCXLocator,
  parseCourseKey,
  parseLibraryCollectionLocator,
  parseLibraryContainerLocator,
  parseLibraryLocatorV2,
  parseLibraryUsageLocatorV2,
  parseUsageKey,
} from './index.js';

const wordCharacters = [...'aZ09_-.éß日本Ж𝐀١'];
const part = (characters: readonly string[]) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 20 });
const id = part([...wordCharacters, '~', ':']);
const oldId = part([...wordCharacters, '%']);
const slug = part(wordCharacters);
const ascii = part([...'aZ09_-.']);
const version = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 24, maxLength: 24 });
const pins = { branch: fc.option(id, { nil: undefined }), version: fc.option(version, { nil: undefined }) };

const course = fc.record({ org: id, course: id, run: id, ...pins }).map(courseLocator);
const oldCourse = fc
  .record({ org: oldId, course: oldId, run: oldId, deprecated: fc.constant(true) })
  .map(courseLocator);
const ccx = fc.record({ courseKey: course, ccxId: part([...'0123٣']) }).map(ccxLocator);
const library = fc.record({ org: id, library: id, ...pins }).map(libraryLocator);
const courseKey = fc.oneof(course, oldCourse, ccx, library);

const inCourse = fc.record({ courseKey: course, blockType: id, blockId: id }).map(blockUsageLocator);
const inOldCourse = fc
  .record({
    courseKey: oldCourse,
    blockType: id,
    blockId: oldId,
    revision: fc.option(oldId, { nil: undefined }),
  })
  .map(blockUsageLocator);
const inCcx = fc.record({ courseKey: ccx, blockType: id, blockId: id }).map(ccxBlockUsageLocator);
const inLibrary = fc.record({ libraryKey: library, blockType: id, blockId: id }).map(libraryUsageLocator);
const libKey = fc.record({ org: ascii, slug }).map(libraryLocatorV2);
const inLibraryV2 = fc.record({ libKey, blockType: ascii, blockId: slug }).map(libraryUsageLocatorV2);
const usageKey = fc.oneof(inCourse, inOldCourse, inCcx, inLibrary, inLibraryV2);
const collection = fc.record({ libKey, collectionId: slug }).map(libraryCollectionLocator);
const container = fc.record({ libKey, containerType: ascii, containerId: slug }).map(libraryContainerLocator);

describe('builders', () => {
  it.each<[string, fc.Arbitrary<OpaqueKey>, (text: string) => OpaqueKey]>([
    ['course keys', courseKey, parseCourseKey],
    ['usage keys', usageKey, parseUsageKey],
    ['CCX keys', ccx, parseCCXLocator],
    ['library keys', libKey, parseLibraryLocatorV2],
    ['library usage keys', inLibraryV2, parseLibraryUsageLocatorV2],
    ['library collection keys', collection, parseLibraryCollectionLocator],
    ['library container keys', container, parseLibraryContainerLocator],
  ])('build %s that parse to the same value', (_name, keys, parse) => {
    fc.assert(
      fc.property(keys, (key) => {
        expect(parse(String(key))).toStrictEqual(key);
      }),
    );
  });

  it('keep every part they were given', () => {
    const parts = fc.record({ org: id, course: id, run: id, ...pins });
    fc.assert(
      fc.property(parts, (given) => {
        expect(courseLocator(given)).toMatchObject(given);
      }),
    );
    const block = fc.record({ courseKey: course, blockType: id, blockId: id });
    fc.assert(
      fc.property(block, (given) => {
        expect(blockUsageLocator(given)).toMatchObject(given);
      }),
    );
  });

  it('print the documented forms', () => {
    const demo = courseLocator({ org: 'edX', course: 'DemoX', run: '2024' });
    expect(String(demo)).toBe('course-v1:edX+DemoX+2024');
    expect(String(blockUsageLocator({ courseKey: demo, blockType: 'html', blockId: 'h' }))).toBe(
      'block-v1:edX+DemoX+2024+type@html+block@h',
    );
    const old = courseLocator({ org: 'edX', course: 'DemoX', run: '2024', deprecated: true });
    expect(
      String(blockUsageLocator({ courseKey: old, blockType: 'html', blockId: 'h', revision: 'r' })),
    ).toBe('i4x://edX/DemoX/html/h@r');
  });

  it('refuse a part that contains a separator, and name it', () => {
    const build = (run: string) => () => courseLocator({ org: 'a', course: 'b', run });
    for (const run of ['', 'c+branch@x', 'c d', 'c\n', 'c/d']) {
      expect(build(run)).toThrow(
        expect.objectContaining({ reason: 'bad-part', message: expect.stringContaining('"run"') }),
      );
    }
    const old = courseLocator({ org: 'a', course: 'b', run: 'c', deprecated: true });
    expect(() => ccxLocator({ courseKey: old, ccxId: '1' })).toThrow(InvalidKeyError);
    expect(() => courseLocator({ ...old, branch: 'x' } as CourseLocatorParts)).toThrow(InvalidKeyError);
  });
});

describe('parsers', () => {
  const nearKeys = fc
    .array(
      fc.constantFrom(
        'course-v1:',
        'block-v1:',
        'i4x://',
        'lb:',
        'ccx-v1:',
        'ccx@1',
        'a',
        'é',
        '+',
        '@',
        ':',
        '/',
      ),
      {
        maxLength: 12,
      },
    )
    .map((pieces) => pieces.join(''));
  const labelled = fc
    .array(
      fc.constantFrom('a', 'b', 'branch@p', `version@${'0a'.repeat(12)}`, 'ccx@1', 'type@t', 'block@i'),
      {
        maxLength: 7,
      },
    )
    .chain((parts) =>
      fc
        .constantFrom('course-v1:', 'block-v1:', 'ccx-block-v1:', 'library-v1:')
        .map((p) => p + parts.join('+')),
    );

  it('print every text they accept unchanged, and refuse the others with an InvalidKeyError', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearKeys, labelled), (text) => {
        for (const parse of [parseCourseKey, parseUsageKey, parseLibraryUsageLocatorV2, parseCCXLocator]) {
          try {
            const key = parse(text);
            expect([String(key), key.text, JSON.stringify(key)]).toEqual([text, text, JSON.stringify(text)]);
            accepted++;
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidKeyError);
          }
        }
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it('give a block the same course as parsing the text of its course', () => {
    fc.assert(
      fc.property(labelled, (text) => {
        let key: ReturnType<typeof parseUsageKey>;
        try {
          key = parseUsageKey(text);
        } catch {
          return;
        }
        if (key.kind === 'block-usage' || key.kind === 'ccx-block-usage') {
          expect(parseCourseKey(key.courseKey.text)).toStrictEqual(key.courseKey);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
