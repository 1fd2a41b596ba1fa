import { describe, expect, it } from 'vitest';
import {
  contextKeyOf,
  InvalidKeyError,
  parseCourseKey,
  parseLibraryLocatorV2,
  parseUsageKey,
} from './index.js';

describe('parseUsageKey', () => {
  it('returns the parts of a block in a course', () => {
    const text = 'block-v1:edX+DemoX+2024+branch@draft+type@problem+block@p1';
    expect(parseUsageKey(text)).toEqual({
      kind: 'block-usage',
      text,
      courseKey: parseCourseKey('course-v1:edX+DemoX+2024+branch@draft'),
      blockType: 'problem',
      blockId: 'p1',
      deprecated: false,
    });
  });

  it('returns the revision of an old text, and a course without a run', () => {
    expect(parseUsageKey('i4x://edX/DemoX/problem/p%201@draft')).toMatchObject({
      courseKey: { text: 'edX/DemoX/', org: 'edX', course: 'DemoX', run: '', deprecated: true },
      blockId: 'p%201',
      revision: 'draft',
      deprecated: true,
    });
  });

  it('keeps the text of an aside', () => {
    const text = 'aside-usage-v1:block-v1:a+b+c+type@t+block@i::note';
    expect(parseUsageKey(text)).toEqual({ kind: 'opaque', prefix: 'aside-usage-v1', text });
  });

  it('refuses the key of a course', () => {
    expect(() => parseUsageKey('course-v1:a+b+c')).toThrow(InvalidKeyError);
  });
});

describe('contextKeyOf', () => {
  it.each([
    ['block-v1:a+b+c+type@t+block@i', parseCourseKey('course-v1:a+b+c')],
    ['ccx-block-v1:a+b+c+ccx@1+type@t+block@i', parseCourseKey('ccx-v1:a+b+c+ccx@1')],
    ['lib-block-v1:o+l+type@t+block@i', parseCourseKey('library-v1:o+l')],
    ['lb:o:l:t:i', parseLibraryLocatorV2('lib:o:l')],
    ['foo:bar', undefined],
  ])('gives the course or library of %s', (text, context) => {
    expect(contextKeyOf(parseUsageKey(text))).toEqual(context);
  });
});
