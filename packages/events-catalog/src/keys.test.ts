import type { Issue } from '@openedx-ts/events-core';
import { checkOf } from '@openedx-ts/events-core/bus';
import { parseCourseKey, parseUsageKey } from '@openedx-ts/opaque-keys';
import { describe, expect, it } from 'vitest';
import * as keys from './keys.js';

const shapes = Object.entries(keys).map(([name, make]) => ({ name, shape: make({ doc: 'A key.' }) }));

describe.each(shapes)('$name', ({ shape }) => {
  const sample = String(shape.type.sample?.(() => 0.5));

  it('accepts the text of a key, returns the key and writes the same text', () => {
    const { value, issues } = check(shape, sample);
    expect(issues).toEqual([]);
    expect(value).toHaveProperty('text', sample);
    expect(shape.type.toWire(value as never)).toBe(sample);
  });

  it('accepts a key, also of another installed copy', () => {
    const { value, issues } = check(shape, { text: sample, toString: () => sample });
    expect(issues).toEqual([]);
    expect(String(value)).toBe(sample);
  });

  it('reads the wire form', () => {
    expect(String(shape.type.fromWire(sample as never))).toBe(sample);
  });

  it.each([
    { wrong: 'the key of something else', value: { text: 'asset-v1:edX+DemoX+2026+type@asset+block@a.png' } },
    { wrong: 'empty text', value: '' },
    { wrong: 'null', value: null },
    { wrong: 'a number', value: 7 },
    { wrong: 'an object without text', value: {} },
  ])('refuses $wrong and does not repeat it', ({ value }) => {
    const { issues } = check(shape, value);
    expect(issues).toHaveLength(1);
    expect(issues[0]?.message).not.toContain('DemoX');
  });

  it('keeps its annotations', () => {
    expect(shape.doc).toBe('A key.');
  });
});

describe('courseKey', () => {
  it('refuses a usage key', () => {
    const usage = parseUsageKey('block-v1:edX+DemoX+2026+type@video+block@intro');
    expect(check(keys.courseKey(), usage).issues).toHaveLength(1);
  });

  it('keeps keys of the old form as they are', () => {
    expect(check(keys.courseKey(), 'edX/DemoX/2012').value).toEqual(parseCourseKey('edX/DemoX/2012'));
  });
});

function check(shape: Parameters<typeof checkOf>[0], value: unknown) {
  const issues: Issue[] = [];
  return { value: checkOf(shape)(value, issues), issues };
}
