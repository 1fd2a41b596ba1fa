import { createMetadata, defineSignal, long } from '@openedx-ts/events-core';
import {
  decodeHeaders,
  type EncodedEvent,
  IncompatibleSchemaError,
  type Message,
  UnusableMessageError,
} from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { schemaOf, writerSchema } from '../schema/schema-of.js';
import { bareWireFormat } from './bare-wire-format.js';

const schema = writerSchema('{"name": "CloudEvent"}');
const event: EncodedEvent = {
  metadata: createMetadata({ eventType: 'org.example.library.book.lent.v1', minorVersion: 0 }),
  topic: 'books',
  record: Buffer.from('f601', 'hex'),
  schema,
  key: { text: 'ключ', bytes: Buffer.from('00', 'hex'), schema: writerSchema('{"type": "string"}') },
};
const utf8 = (text: string) => Buffer.from(text, 'utf8');

describe('bareWireFormat', () => {
  it('writes the bare record with the headers of Python, followed by ours', () => {
    const format = bareWireFormat({ schemas: { textOf: () => undefined } });
    const message = format.frame(event, 'dev-books') as Message;
    expect(message.value).toBe(event.record);
    expect(Buffer.from(message.key as Uint8Array).toString()).toBe('ключ');
    expect(message.headers.map(([name]) => name)).toStrictEqual([
      'type',
      'id',
      'source',
      'time',
      'minorversion',
      'sourcehost',
      'sourcelib',
      'event_key',
      'schema_fp',
    ]);
    expect(message.headers.at(-1)?.[1]).toStrictEqual(utf8(schema.fingerprint));
    expect(decodeHeaders(message.headers, 'redis').id).toBe(event.metadata.id);
  });

  it('keeps the schema before the first message, once', async () => {
    const kept: string[] = [];
    const late = bareWireFormat({
      schemas: {
        textOf: () => undefined,
        keep: ({ fingerprint }) => Promise.resolve().then(() => void kept.push(fingerprint)),
      },
    });
    await Promise.all([late.frame(event, 't'), late.frame(event, 't')]);
    expect(late.frame(event, 't')).not.toBeInstanceOf(Promise);
    expect(kept).toStrictEqual([schema.fingerprint]);
  });

  it('tries again to keep a schema after the store failed', async () => {
    let calls = 0;
    const format = bareWireFormat({
      schemas: {
        textOf: () => undefined,
        keep: () => {
          calls += 1;
          return calls === 1 ? Promise.reject(new Error('down')) : Promise.resolve();
        },
      },
    });
    await expect(format.frame(event, 't')).rejects.toThrow('down');
    await format.frame(event, 't');
    expect(calls).toBe(2);
  });

  it('finds the schema by its fingerprint, asking once', async () => {
    let asked = 0;
    const textOf = () => {
      asked += 1;
      return Promise.resolve(schema.text);
    };
    const format = bareWireFormat({ schemas: { textOf } });
    const message = await format.frame(event, 't');
    expect((await format.unframe(message)).writer).toStrictEqual(schema);
    expect(await format.unframe(message)).toStrictEqual({ record: event.record, writer: schema });
    expect(asked).toBe(1);
  });

  it("gives no writer's schema for a message without a fingerprint", () => {
    const format = bareWireFormat({ schemas: { textOf: () => undefined } });
    const message: Message = { topic: 't', key: null, value: utf8('x'), headers: [['type', utf8('y')]] };
    expect(format.unframe(message)).toStrictEqual({ record: utf8('x'), writer: null });
  });

  it('refuses a tombstone, and a fingerprint that is unknown, broken, doubled or of another text', () => {
    const format = bareWireFormat({
      schemas: { textOf: (fingerprint) => (fingerprint.startsWith('a') ? undefined : 'another text') },
    });
    const message = (...fingerprints: string[]): Message => ({
      topic: 't',
      key: null,
      value: utf8('x'),
      headers: fingerprints.map((text) => ['schema_fp', utf8(text)] as const),
    });
    for (const [bad, reason] of [
      [message('a'.repeat(64)), /no text for its fingerprint/],
      [message('b'.repeat(64)), /another fingerprint/],
      [message('xyz'), /not a SHA-256/],
      [message(schema.fingerprint, schema.fingerprint), /more than once/],
      [{ ...message(), value: null }, /no value/],
    ] as const) {
      expect(() => format.unframe(bad)).toThrow(UnusableMessageError);
      expect(() => format.unframe(bad)).toThrow(reason);
    }
  });

  it('does not ask the store for the own schema', () => {
    const asked: string[] = [];
    const format = bareWireFormat({ schemas: { textOf: (fingerprint) => void asked.push(fingerprint) } });
    const message = messageOfType(LENT.eventType, schemaOf(LENT).fingerprint);
    expect(format.unframe(message)).toMatchObject({ writer: { text: schemaOf(LENT).text } });
    expect(asked).toStrictEqual([]);
  });

  it('stores a schema before its first message even if it was read before', () => {
    const kept: string[] = [];
    const format = bareWireFormat({
      schemas: { textOf: () => schema.text, keep: ({ fingerprint }) => void kept.push(fingerprint) },
    });
    void format.unframe(messageOfType('org.example.of-others.v1', schema.fingerprint));
    format.frame(event, 't');
    expect(kept).toStrictEqual([schema.fingerprint]);
  });

  it('names both fingerprints when the text of the other schema is missing or wrong', () => {
    for (const text of [undefined, 'another text']) {
      const format = bareWireFormat({ schemas: { textOf: () => text } });
      const attempt = () => format.unframe(messageOfType(LENT.eventType, 'a'.repeat(64)));
      expect(attempt).toThrow(IncompatibleSchemaError);
      expect(attempt).toThrow(
        expect.objectContaining({
          eventType: LENT.eventType,
          writerFingerprint: 'a'.repeat(64),
          readerFingerprint: schemaOf(LENT).fingerprint,
        }),
      );
    }
  });
});

const LENT = defineSignal({ eventType: 'org.example.library.leaflet.lent.v1', data: { id: long() } });

function messageOfType(eventType: string, fingerprint: string): Message {
  const headers = [
    ['type', utf8(eventType)],
    ['schema_fp', utf8(fingerprint)],
  ] as const;
  return { topic: 't', key: null, value: utf8('x'), headers };
}
