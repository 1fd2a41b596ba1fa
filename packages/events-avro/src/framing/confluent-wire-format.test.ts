import { createMetadata } from '@openedx-ts/events-core';
import {
  type EncodedEvent,
  type Message,
  type UnframedRecord,
  UnusableMessageError,
} from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { writerSchema } from '../schema/schema-of.js';
import { frameConfluent, unframeConfluent } from './confluent-frame.js';
import { confluentWireFormat, type SchemaRegistry } from './confluent-wire-format.js';

const eventType = 'org.openedx.enterprise.subsidy.redemption-reversed.v1';
const event: EncodedEvent = {
  metadata: createMetadata({ eventType, minorVersion: 0 }),
  topic: 'orders',
  record: Buffer.from('f601', 'hex'),
  schema: writerSchema('{"name": "CloudEvent"}'),
  key: {
    text: 'foobob',
    bytes: Buffer.from('0c666f6f626f62', 'hex'),
    schema: writerSchema('{"name": "username", "type": "string"}'),
  },
};

/** Numbers schemas from 1; answers at once, or later if asked to. */
function registryOf({ isLate = false } = {}) {
  const subjects: string[] = [];
  const texts: string[] = [];
  const registry: SchemaRegistry = {
    register(subject, text) {
      subjects.push(subject);
      texts.push(text);
      const id = texts.length;
      return isLate ? Promise.resolve(id) : id;
    },
    schemaById(id) {
      const text = texts[id - 1];
      const schema = text === undefined ? undefined : writerSchema(text);
      return isLate ? Promise.resolve(schema) : schema;
    },
  };
  return { registry, subjects };
}

describe('frameConfluent', () => {
  it('adds a zero byte and the id, and unframeConfluent removes them', () => {
    const framed = frameConfluent(0xfffefdfc, Buffer.from('0102', 'hex'));
    expect(Buffer.from(framed).toString('hex')).toBe('00fffefdfc0102');
    const { schemaId, avro } = unframeConfluent(framed);
    expect([schemaId, Buffer.from(avro).toString('hex')]).toStrictEqual([0xfffefdfc, '0102']);
  });

  it.each(['', '00', '00000000', '0100000001', 'ff0000000102'])('refuses %j', (hex) => {
    expect(() => unframeConfluent(Buffer.from(hex, 'hex'))).toThrow(UnusableMessageError);
  });
});

describe('confluentWireFormat', () => {
  it('frames key and value, registering the key first, under the subjects of the Python producer', () => {
    const { registry, subjects } = registryOf();
    const message = confluentWireFormat(registry).frame(event, 'dev-orders') as Message;
    expect(subjects).toStrictEqual(['dev-orders-string', `dev-orders-${eventType}.CloudEvent`]);
    expect(Buffer.from(message.key as Uint8Array).toString('hex')).toBe('00000000010c666f6f626f62');
    expect(Buffer.from(message.value as Uint8Array).toString('hex')).toBe('0000000002f601');
    expect(message.topic).toBe('dev-orders');
    expect(message.headers.map(([name]) => name).slice(0, 4)).toStrictEqual([
      'ce_specversion',
      'content-type',
      'ce_datacontenttype',
      'ce_type',
    ]);
  });

  it('asks the registry once a subject, even for events at the same time, and is synchronous afterwards', async () => {
    const { registry, subjects } = registryOf({ isLate: true });
    const format = confluentWireFormat(registry);
    const first = [format.frame(event, 't'), format.frame(event, 't')];
    expect(first[0]).toBeInstanceOf(Promise);
    await Promise.all(first);
    expect(subjects).toHaveLength(2);
    expect(format.frame(event, 't')).not.toBeInstanceOf(Promise);
    await format.frame(event, 'other');
    expect(subjects).toHaveLength(4);
  });

  it('asks again after the registry failed', async () => {
    let calls = 0;
    const format = confluentWireFormat({
      register: () => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('down')) : Promise.resolve(calls);
      },
      schemaById: () => undefined,
    });
    await expect(format.frame(event, 't')).rejects.toThrow('down');
    const message = await format.frame(event, 't');
    expect(
      Buffer.from(message.key as Uint8Array)
        .subarray(0, 5)
        .toString('hex'),
    ).toBe('0000000002');
  });

  it('returns record and schema, synchronously once the id is known', async () => {
    const { registry } = registryOf({ isLate: true });
    const format = confluentWireFormat(registry);
    const message = await format.frame(event, 't');
    const unframed = await format.unframe(message);
    expect(Buffer.from(unframed.record).toString('hex')).toBe('f601');
    expect(unframed.writer).toStrictEqual(event.schema);
    expect((format.unframe(message) as UnframedRecord).writer).toStrictEqual(event.schema);
  });

  it('refuses a tombstone, a broken frame and an unknown id', async () => {
    const late = confluentWireFormat(registryOf({ isLate: true }).registry);
    const sync = confluentWireFormat(registryOf().registry);
    const message = (value: Uint8Array | null): Message => ({ topic: 't', key: null, value, headers: [] });
    expect(() => sync.unframe(message(null))).toThrow(UnusableMessageError);
    expect(() => sync.unframe(message(Buffer.from('01', 'hex')))).toThrow(UnusableMessageError);
    expect(() => sync.unframe(message(Buffer.from('000000000901', 'hex')))).toThrow(
      /no schema with the id 9/,
    );
    await expect(late.unframe(message(Buffer.from('000000000901', 'hex')))).rejects.toThrow(
      UnusableMessageError,
    );
  });

  it('finds an id that no registry has without asking', () => {
    const asked: number[] = [];
    const format = confluentWireFormat({ register: () => 1, schemaById: (id) => void asked.push(id) });
    const message = (id: string): Message => ({
      ...{ topic: 't', key: null, headers: [] },
      value: Buffer.from(`00${id}01`, 'hex'),
    });
    for (const id of ['80000000', 'ffffffff'])
      expect(() => format.unframe(message(id))).toThrow(/no schema registry has the id/);
    expect(() => format.unframe(message('7fffffff'))).toThrow(/no schema with the id 2147483647/);
    expect(asked).toStrictEqual([0x7fffffff]);
  });
});

it('does not keep the ids of every topic that a program has made up, and asks for one again', () => {
  const { registry, subjects } = registryOf();
  const format = confluentWireFormat(registry);
  for (let number = 0; number < 10_000; number += 1) format.frame(event, `course-${number}`);
  format.frame(event, 'course-9999');
  expect(subjects).toHaveLength(20_000);
  format.frame(event, 'course-0');
  expect(subjects.slice(20_000)).toEqual(['course-0-string', `course-0-${eventType}.CloudEvent`]);
});
