import { readFileSync } from 'node:fs';
import {
  avroCodec,
  bareWireFormat,
  confluentWireFormat,
  fingerprintOf,
  type RecordJson,
  recordToJson,
  type SchemaRegistry,
} from '@openedx-ts/events-avro';
import { getSignalByType } from '@openedx-ts/events-core';
import { decodeHeaders, type Header, type Message, type UnframedRecord } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { parse } from './big-json.js';
import '@openedx-ts/events-catalog/all';

interface Captured {
  readonly event_type: string;
  readonly variant: string;
  readonly input_data_json: RecordJson;
}

interface KafkaMessage extends Captured {
  readonly topic: string;
  readonly producer_config: Readonly<Record<string, { readonly event_key_field: string }>>;
  readonly headers_in_wire_order: readonly CapturedField[];
  readonly key: { readonly hex: string };
  readonly value: { readonly hex: string };
}

interface RedisMessage extends Captured {
  readonly stream: string;
  readonly fields_in_wire_order: readonly CapturedField[];
}

interface CapturedField {
  readonly name: string;
  readonly value: { readonly hex: string };
}

const kafka = read<{ messages: readonly KafkaMessage[] }>('kafka_messages.json').messages;
const redis = read<{ messages: readonly RedisMessage[] }>('redis_messages.json').messages;
const { subjects } = read<{ subjects: readonly { subject: string; id: number; schema_text: string }[] }>(
  'kafka_registry.json',
);

/** The registry as the Python producer left it: it knows what was registered there, and nothing else. */
const registry: SchemaRegistry = {
  register(subject, text) {
    const known = subjects.find((entry) => entry.subject === subject && entry.schema_text === text);
    if (known === undefined) throw new Error(`Python registered no such text under ${subject}`);
    return known.id;
  },
  schemaById(id) {
    const text = subjects.find((entry) => entry.id === id)?.schema_text;
    return text === undefined ? undefined : { text, fingerprint: fingerprintOf(text) };
  },
};
const confluent = confluentWireFormat(registry);
const bare = bareWireFormat({ schemas: { textOf: () => undefined } });
const codec = avroCodec({ unsafeIntegers: 'bigint' });

describe('messages that the Python packages sent', () => {
  it.each(kafka)('over Kafka: $event_type $variant is read, and sent again byte for byte', async (sent) => {
    const message: Message = {
      topic: sent.topic,
      key: bytes(sent.key.hex),
      value: bytes(sent.value.hex),
      headers: headersOf(sent.headers_in_wire_order),
    };
    const bound = codec.bind(getSignalByType(sent.event_type));
    const { record, writer } = (await confluent.unframe(message)) as UnframedRecord;
    const data = bound.decode(record, writer);
    expect(recordToJson(getSignalByType(sent.event_type), data)).toStrictEqual(sent.input_data_json);

    const [route] = Object.values(sent.producer_config);
    const again = await confluent.frame(
      {
        metadata: decodeHeaders(message.headers, 'kafka'),
        topic: sent.topic,
        record: bound.encode(data),
        schema: bound.schema,
        key: bound.key(route?.event_key_field as string).encode(data),
      },
      sent.topic,
    );
    expect(hex(again.key)).toBe(sent.key.hex);
    expect(hex(again.value)).toBe(sent.value.hex);
    expect(again.headers.map(plain)).toStrictEqual(message.headers.map(plain));
  });

  it.each(redis)('over Redis: $event_type $variant is read, and sent again byte for byte', async (sent) => {
    const fields = headersOf(sent.fields_in_wire_order);
    const value = fields.find(([name]) => name === 'event_data')?.[1] as Uint8Array;
    const headers = fields.filter(([name]) => name !== 'event_data');
    const message: Message = { topic: sent.stream, key: null, value, headers };
    const bound = codec.bind(getSignalByType(sent.event_type));
    const { record, writer } = (await bare.unframe(message)) as UnframedRecord;
    const data = bound.decode(record, writer);
    expect(writer).toBeNull();
    expect(recordToJson(getSignalByType(sent.event_type), data)).toStrictEqual(sent.input_data_json);
    expect(hex(bound.encode(data))).toBe(hex(value));
  });
});

function read<T>(file: string): T {
  const text = readFileSync(new URL(`../data/wire/${file}`, import.meta.url), 'utf8');
  return parse(text) as T;
}

function headersOf(fields: readonly CapturedField[]): Header[] {
  return fields.map(({ name, value }) => [name, bytes(value.hex)]);
}

function plain([name, value]: Header): string {
  return `${name}: ${Buffer.from(value ?? []).toString()}`;
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}

function hex(value: Uint8Array | null): string {
  return Buffer.from(value ?? []).toString('hex');
}
