import { readFile } from 'node:fs/promises';
import type { Header, Message } from '@openedx-ts/events-core/bus';
import { isInteger, parse } from 'lossless-json';
import type { TalliedEvent } from '../tally.js';

/** A captured message of a Python service, and its event. */
export interface Capture {
  readonly message: Message;
  readonly event: TalliedEvent;
}

/** A schema of the registry that the captured messages refer to. */
export interface CapturedSchema {
  readonly id: number;
  readonly text: string;
}

/** What a Python service sent over Kafka. */
export async function readKafkaCaptures(): Promise<readonly Capture[]> {
  const { messages } = await read<{ readonly messages: readonly KafkaMessage[] }>('kafka_messages.json');
  return messages.map((captured) => ({
    message: {
      topic: captured.topic,
      key: bytesOf(captured.key),
      value: bytesOf(captured.value),
      headers: captured.headers_in_wire_order.map(headerOf),
    },
    event: { metadata: captured.input_metadata, data: captured.input_data_json },
  }));
}

/** The schemas that the Kafka captures refer to. */
export async function readKafkaSchemas(): Promise<readonly CapturedSchema[]> {
  const { subjects } = await read<{
    readonly subjects: readonly { readonly id: number; readonly schema_text: string }[];
  }>('kafka_registry.json');
  return subjects.map(({ id, schema_text }) => ({ id, text: schema_text }));
}

/** What a Python service sent over Redis Streams: the field `event_data` is the value, the others are headers. */
export async function readRedisCaptures(): Promise<readonly Capture[]> {
  const { messages } = await read<{ readonly messages: readonly RedisMessage[] }>('redis_messages.json');
  return messages.map((captured) => {
    const fields = captured.fields_in_wire_order;
    const data = fields.find(({ name }) => name === 'event_data');
    return {
      message: {
        topic: captured.stream,
        key: null,
        value: data === undefined ? null : bytesOf(data.value),
        headers: fields.filter((field) => field !== data).map(headerOf),
      },
      event: { metadata: captured.input_metadata, data: captured.input_data_json },
    };
  });
}

interface KafkaMessage {
  readonly topic: string;
  readonly key: CapturedBytes;
  readonly value: CapturedBytes;
  readonly headers_in_wire_order: readonly CapturedField[];
  readonly input_metadata: TalliedEvent['metadata'];
  readonly input_data_json: TalliedEvent['data'];
}

interface RedisMessage {
  readonly stream: string;
  readonly fields_in_wire_order: readonly CapturedField[];
  readonly input_metadata: TalliedEvent['metadata'];
  readonly input_data_json: TalliedEvent['data'];
}

interface CapturedField {
  readonly name: string;
  readonly value: CapturedBytes;
}

interface CapturedBytes {
  readonly hex: string;
}

/** The captures contain integers beyond 2^53, which are read exactly, as `bigint`. */
async function read<T>(name: string): Promise<T> {
  const file = new URL(`../../../../interop/data/wire/${name}`, import.meta.url);
  return parse(await readFile(file, 'utf8'), null, exactNumber) as T;
}

function exactNumber(text: string): number | bigint {
  const number = Number(text);
  return isInteger(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}

function headerOf({ name, value }: CapturedField): Header {
  return [name, bytesOf(value)];
}

function bytesOf({ hex }: CapturedBytes): Uint8Array {
  return Buffer.from(hex, 'hex');
}
