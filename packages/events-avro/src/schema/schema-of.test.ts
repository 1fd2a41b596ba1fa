import { createHash } from 'node:crypto';
import {
  boolean,
  bytes,
  datetime,
  defineSignal,
  double,
  enumeration,
  LocalOnlyError,
  list,
  long,
  map,
  optional,
  record,
  string,
  withDefault,
} from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { schemaFileName, schemaFileText } from './schema-files.js';
import { schemaOf } from './schema-of.js';

const Author = record('AuthorData', { id: long(), name: optional(string()) });
const published = defineSignal({
  eventType: 'org.example.library.book.published.v1',
  data: {
    book: record('BookData', {
      author: Author,
      editor: optional(Author),
      pages: withDefault(long(), 1),
      price: double(),
      isFree: boolean(),
      cover: bytes(),
      tags: list(string()),
      counts: map(list(long())),
      at: datetime(),
      state: enumeration(['new', 'old']),
    }),
  },
});

describe('schemaOf', () => {
  it('writes keys sorted with the separators of Python, a record once and then its name', () => {
    expect(schemaOf(published).text).toBe(
      '{"doc": "Avro Event Format for CloudEvents created with openedx_events/schema", "fields": [' +
        '{"name": "book", "type": {"fields": [' +
        '{"name": "author", "type": {"fields": [{"name": "id", "type": "long"}, ' +
        '{"default": null, "name": "name", "type": ["null", "string"]}], "name": "AuthorData", "type": "record"}}, ' +
        '{"default": null, "name": "editor", "type": ["null", "AuthorData"]}, ' +
        '{"name": "pages", "type": "long"}, {"name": "price", "type": "double"}, ' +
        '{"name": "isFree", "type": "boolean"}, {"name": "cover", "type": "bytes"}, ' +
        '{"name": "tags", "type": {"items": "string", "type": "array"}}, ' +
        '{"name": "counts", "type": {"type": "map", "values": {"items": "long", "type": "array"}}}, ' +
        '{"name": "at", "type": "string"}, {"name": "state", "type": "string"}], ' +
        '"name": "BookData", "type": "record"}}], "name": "CloudEvent", ' +
        '"namespace": "org.example.library.book.published.v1", "type": "record"}',
    );
  });

  it('has the SHA-256 of the text as fingerprint, and is built once', () => {
    const schema = schemaOf(published);
    expect(schema.fingerprint).toBe(createHash('sha256').update(schema.text).digest('hex'));
    expect(schemaOf(published)).toBe(schema);
  });

  it('escapes non-ASCII characters, as Python does', () => {
    const signal = defineSignal({
      eventType: 'org.example.ü\u{1f600}.v1',
      irregularEventType: 'a test',
      data: { id: long() },
    });
    expect(schemaOf(signal).text).toContain('"namespace": "org.example.\\u00fc\\ud83d\\ude00.v1"');
  });

  it('refuses a local-only signal', () => {
    const signal = defineSignal({
      eventType: 'org.example.library.file.opened.v1',
      data: { id: long() },
      localOnly: 'it holds an open file',
    });
    expect(() => schemaOf(signal)).toThrow(LocalOnlyError);
    expect(() => schemaFileText(signal)).toThrow(/holds an open file/);
  });
});

describe('schemaFileName', () => {
  it('replaces dots with plus signs', () => {
    expect(schemaFileName('org.example.library.book.published.v1')).toBe(
      'org+example+library+book+published+v1_schema.avsc',
    );
  });
});

describe('schemaFileText', () => {
  it('keeps the order of the reference, indents by two and ends with a newline', () => {
    const text = schemaFileText(published);
    expect(text).toMatch(/^\{\n {2}"name": "CloudEvent",\n {2}"type": "record",\n {2}"doc": "Avro Event/);
    expect(text).toContain('"type": [\n');
    expect(text.endsWith('"namespace": "org.example.library.book.published.v1"\n}\n')).toBe(true);
    expect(JSON.parse(text)).toEqual(JSON.parse(schemaOf(published).text));
  });
});
