import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { avroCodec } from '@openedx-ts/events-avro';
import {
  configureEvents,
  createMetadata,
  defineSignal,
  list,
  long,
  type Producer,
  record,
  string,
} from '@openedx-ts/events-core';
import { encodeHeaders } from '@openedx-ts/events-core/bus';
import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import { RedisEventBusConsumer } from '../consumer/redis-event-bus-consumer.js';
import type { RedisConsumerOptions } from '../options/redis-options.js';

export const ITEM = defineSignal({
  eventType: 'org.example.bench.item.sent.v1',
  data: { item: record('Item', { name: string(), number: long() }) },
});

export const TAGS = defineSignal({
  eventType: 'org.example.bench.tags.set.v1',
  data: { tags: list(string()) },
});

/** The record of an item. */
export function itemBytes(number: number): Buffer {
  const codec = avroCodec().bind(ITEM as never);
  return Buffer.from(codec.encode({ item: { name: 'a', number } }));
}

export type EntryField = readonly [name: string, value: string | Buffer];

/** The fields of an entry as a Python service writes it. */
export function itemFields(number: number): EntryField[] {
  const metadata = encodeHeaders(createMetadata(ITEM), 'redis');
  return [
    ...metadata.map(([name, value]): EntryField => [name, Buffer.from(value ?? [])]),
    ['event_data', itemBytes(number)],
  ];
}

/** The same fields with others in place of those of that name, or without them: an empty list. */
export function replaced(
  fields: readonly EntryField[],
  name: string,
  ...values: readonly (string | Buffer)[]
): EntryField[] {
  const others = fields.filter(([other]) => other !== name);
  return [...others, ...values.map((value): EntryField => [name, value])];
}

export function add(client: Redis, stream: string, fields: readonly EntryField[]): Promise<string | null> {
  return client.xadd(stream, '*', ...fields.flat());
}

export function sendItem(producer: Producer, topic: string, number: number, name = 'a') {
  return producer.send({
    signal: ITEM,
    topic,
    eventKeyField: 'item.name',
    data: { item: { name, number } },
    metadata: createMetadata(ITEM),
  });
}

/** The numbers of the items that arrive over the bus. */
export function receivedItems(): Disposable & { readonly numbers: number[]; readonly ids: string[] } {
  const numbers: number[] = [];
  const ids: string[] = [];
  const connection = ITEM.connect(({ data: { item }, metadata, fromEventBus }) => {
    if (!fromEventBus) return;
    numbers.push(item.number);
    ids.push(metadata.id);
  });
  return { numbers, ids, [Symbol.dispose]: () => connection[Symbol.dispose]() };
}

/** A running consumer, whose group starts with the oldest entry. */
export class RunningConsumer implements AsyncDisposable {
  readonly consumer: RedisEventBusConsumer;
  /** What `run` rejected with. */
  failure: Error | undefined;
  readonly #running: Promise<void>;

  constructor(options: RedisConsumerOptions) {
    const defaults = { startFrom: 'earliest', blockMs: 50, initialBackoffMs: 10, maxBackoffMs: 100 } as const;
    this.consumer = new RedisEventBusConsumer({ ...defaults, ...options });
    this.consumer.ready.catch(() => {});
    this.#running = this.consumer.run().catch((error: Error) => {
      this.failure = error;
    });
  }

  /** Resolves with what `run` rejects with. */
  async failed(): Promise<Error | undefined> {
    await this.#running;
    return this.failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.consumer.close();
    await this.#running;
  }
}

/** The fields of the entries of a stream, values as bytes. */
export async function entriesOf(client: Redis, stream: string): Promise<EntryField[][]> {
  const entries = (await client.xrangeBuffer(stream, '-', '+')) as [Buffer, Buffer[]][];
  return entries.map(([, parts]) =>
    parts.flatMap((part, index) =>
      index % 2 === 0 ? [[part.toString(), parts[index + 1] as Buffer] as const] : [],
    ),
  );
}

/** The value of a field as text; `''` where it is not there. */
export function textOf(fields: readonly EntryField[] | undefined, name: string): string {
  return String(fields?.find(([other]) => other === name)?.[1] ?? '');
}

/** How many entries a group has been given and not acknowledged. */
export async function pendingOf(client: Redis, stream: string, groupId: string): Promise<number> {
  const [count] = (await client.xpending(stream, groupId)) as [number];
  return count;
}

/** Collects what is logged, level and message, with its facts as text. */
export function loggedLines(): Disposable & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (level: string) => (facts: object, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(facts, errorsAsText)}`);
  const logger = { debug() {}, info: write('info'), warn: write('warn'), error: write('error') };
  const settings = configureEvents({ logger });
  return { lines, [Symbol.dispose]: () => settings[Symbol.dispose]() };
}

function errorsAsText(_name: string, value: unknown): unknown {
  return value instanceof Error ? String(value) : value;
}

/** Waits until a value is as expected. */
export function eventually<T>(value: () => T) {
  return expect.poll(value, { timeout: 60_000 });
}

/** An address that leads to one server, and later to another; connections stay where they are. */
export async function relay(first: { readonly host: string; readonly port: number }) {
  let target = first;
  const sockets = new Set<Socket>();
  const listener = createServer((near) => {
    const far = connect(target.port, target.host);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `redis://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    leadTo(other: { readonly host: string; readonly port: number }) {
      target = other;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
