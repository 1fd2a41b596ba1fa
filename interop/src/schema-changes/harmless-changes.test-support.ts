import {
  enumeration,
  list,
  long,
  optional,
  type PayloadFields,
  record,
  string,
  withDefault,
} from '@openedx-ts/events-core';
import { type Details, type Inner, item, type SeededChange, sent } from './seeded-change.test-support.js';

const same = (name: string, before: Inner, after: Inner, fields: object, details: Details = {}) =>
  ({
    name,
    before: item(before),
    after: item(after, details),
    sentBefore: sent(fields),
    sentAfter: sent(fields),
    breaks: [],
  }) satisfies SeededChange;

const title = { title: 'a' };

/** 20 changes that break nobody who uses this library. */
export const harmlessChanges: readonly SeededChange[] = [
  same(
    'an optional field is added',
    { title: string() },
    { title: string(), note: optional(string()) },
    title,
  ),
  same(
    'an optional field is removed',
    { title: string(), note: optional(string()) },
    { title: string() },
    title,
  ),
  same(
    'a field with a default is added',
    { title: string() },
    { n: withDefault(long(), 3), title: string() },
    title,
  ),
  same(
    'a field with a default is removed',
    { title: string(), n: withDefault(long(), 3) },
    { title: string() },
    title,
  ),
  same('a doc is changed', { title: string({ doc: 'one' }) }, { title: string({ doc: 'two' }) }, title),
  same('a pii mark is added', { title: string() }, { title: string({ pii: 'name' }) }, title),
  same(
    'personal data get another kind',
    { title: string({ pii: 'name' }) },
    { title: string({ pii: 'username' }) },
    title,
  ),
  same(
    'a pii mark moves to the record that holds the field',
    { who: record('Who', { name: string({ pii: 'name' }) }) },
    { who: record('Who', { name: string() }, { pii: 'name' }) },
    { who: { name: 'Ada' } },
  ),
  same(
    'fields change places',
    { title: string(), size: long() },
    { size: long(), title: string() },
    { title: 'a', size: 1 },
  ),
  same('symbols change places', { s: enumeration(['a', 'b']) }, { s: enumeration(['b', 'a']) }, { s: 'a' }),
  same('a required field gets a default', { title: string() }, { title: withDefault(string(), 'x') }, title),
  same('a field loses its default', { title: withDefault(string(), 'x') }, { title: string() }, title),
  same(
    'a default gets another value',
    { title: withDefault(string(), 'x') },
    { title: withDefault(string(), 'y') },
    title,
  ),
  same('the minor version is raised', { title: string() }, { title: string() }, title, { minorVersion: 1 }),
  same('a key field is named for the first time', { title: string() }, { title: string() }, title, {
    eventKeyField: 'item.id' as never,
  }),
  same('an optional record is added', {}, { who: optional(record('Who', { name: string() })) }, {}),
  same('the event is deprecated', { title: string() }, { title: string() }, title, {
    deprecated: 'use another',
  }),
  {
    name: 'payload keys change places',
    before: { data: { a: string(), b: long() } as unknown as PayloadFields },
    after: { data: { b: long(), a: string() } as unknown as PayloadFields },
    sentBefore: [{ a: 'x', b: 1 }],
    sentAfter: [{ a: 'x', b: 1 }],
    breaks: [],
  },
  {
    ...same('the key changes its place', {}, {}, { course: 'a', size: 1 }),
    before: item({ course: string(), size: long() }, { eventKeyField: 'item.course' as never }),
    after: item({ size: long(), course: string() }, { eventKeyField: 'item.course' as never }),
  },
  same(
    'records in a list get an optional field',
    { lines: list(record('Line', { n: long() })) },
    { lines: list(record('Line', { n: long(), note: optional(string()) })) },
    { lines: [{ n: 1 }] },
  ),
];
