import { describe, expect, it } from 'vitest';
import { datetime } from './datetime.js';
import { list } from './list.js';
import { map } from './map.js';
import { optional } from './optional.js';
import { long, string } from './primitives.js';
import { record } from './record.js';
import { recordNameConflict } from './record-names.js';
import type { Shape } from './shape.js';
import { uuid } from './uuid.js';
import { withDefault } from './with-default.js';

const one = () => record('CourseData', { course_key: string(), tags: withDefault(list(string()), []) });

describe('recordNameConflict', () => {
  it('lets one record stand in several places, also when it was written twice', () => {
    expect(
      recordNameConflict({}, { a: one(), b: list(one()), c: map(one()), d: optional(one()) }),
    ).toBeUndefined();
  });

  it.each<[string, Shape]>([
    ['another field', record('CourseData', { id: string(), tags: withDefault(list(string()), []) })],
    ['another order', record('CourseData', { tags: withDefault(list(string()), []), course_key: string() })],
    ['a field more', record('CourseData', { ...one().fields, extra: string() })],
    ['another kind', record('CourseData', { course_key: long(), tags: withDefault(list(string()), []) })],
    ['other items', record('CourseData', { course_key: string(), tags: withDefault(list(long()), []) })],
    [
      'another default',
      record('CourseData', { course_key: string(), tags: withDefault(list(string()), ['a']) }),
    ],
    [
      'another custom type',
      record('CourseData', { course_key: uuid(), tags: withDefault(list(string()), []) }),
    ],
  ])('finds a second record of the name with %s', (_, other) => {
    expect(recordNameConflict({}, { a: one(), b: record('Holder', { inner: other }) })).toContain(
      '"CourseData"',
    );
  });

  it('looks into everything that can hold a record', () => {
    const other = () => record('CourseData', { when: datetime() });
    for (const holder of [list(other()), map(other()), optional(other()), withDefault(list(other()), [])]) {
      expect(recordNameConflict({}, { a: one(), b: record('Holder', { holder }) })).toContain('"CourseData"');
    }
  });

  it('knows names that are taken from the start', () => {
    const data = { course: record('CloudEvent', { id: string() }) };
    expect(recordNameConflict({ CloudEvent: data }, data)).toContain('"CloudEvent"');
  });

  it('is not misled by record names that every object inherits', () => {
    expect(recordNameConflict({}, { a: record('constructor', { id: string() }) })).toBeUndefined();
  });
});
