import type { MemoryBroker } from '@openedx-ts/event-bus-memory';
import { configureEvents } from '@openedx-ts/events-core';
import { type Header, type Message, runtime } from '@openedx-ts/events-core/bus';
import { Redis } from 'ioredis';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { consoleTopic, largeEvents } from './console-task.js';
import { eventIdAt } from './event-id-at.js';

/**
 * Stores a million copies of an event, each with an id of its own, as if 200 had been sent in each of the last 5,000 seconds:
 * the broker has the times too.
 *
 * @param template an event as the bus stores it
 * @param store stores some events, in order
 * @returns the ids of a hundred of them, evenly spread
 */
export async function fillLargeTopic(
  template: Message,
  store: (events: readonly FilledEvent[]) => Promise<unknown>,
): Promise<readonly string[]> {
  const first = Date.now() - largeEvents * EVERY_MS;
  const ids: string[] = [];
  for (let start = 0; start < largeEvents; start += BATCH) {
    const events = Array.from({ length: BATCH }, (_, at): FilledEvent => {
      const time = first + (start + at) * EVERY_MS;
      const id = eventIdAt(time);
      return { time, id, message: withId(template, id) };
    });
    ids.push(...events.filter((_, at) => (start + at) % (largeEvents / 100) === 0).map(({ id }) => id));
    await store(events);
  }
  return ids;
}

/** An event of the large topic. */
export interface FilledEvent {
  readonly time: number;
  readonly id: string;
  readonly message: Message;
}

const EVERY_MS = 5;
const BATCH = 5_000;

function withId(template: Message, id: string): Message {
  const value = Buffer.from(id);
  const headers = template.headers.map(
    (header): Header => (ID_HEADER.test(header[0]) ? [header[0], value] : header),
  );
  return { ...template, headers };
}

const ID_HEADER = /^(?:ce_)?id$/;

/** Stores events on a memory bus, whose clock shows their times. */
export function memoryStore(broker: MemoryBroker) {
  const real = runtime().clock;
  return async (events: readonly FilledEvent[]): Promise<void> => {
    let now = 0;
    configureEvents({
      clock: {
        now: () => now,
        monotonic: () => real.monotonic(),
        sleep: (ms, signal) => real.sleep(ms, signal),
      },
    });
    for (const { time, message } of events) {
      now = time;
      broker.append(message);
    }
    configureEvents({ clock: real });
  };
}

/** Stores entries on Redis under ids of their times, with the fields of the one that is there, which it removes. */
export async function redisStore(url: string) {
  const client = new Redis(url);
  const [entry] = await client.xrangeBuffer(consoleTopic, '-', '+');
  const fields = (entry?.[1] ?? []) as readonly Buffer[];
  await client.del(consoleTopic);
  return {
    store: async (events: readonly FilledEvent[]): Promise<void> => {
      const pipeline = client.pipeline();
      for (const { time, id } of events) {
        const own = fields.map((field, at) => (String(fields[at - 1]) === 'id' && at % 2 === 1 ? id : field));
        pipeline.xadd(consoleTopic, `${time}-0`, ...own);
      }
      await pipeline.exec();
    },
    [Symbol.asyncDispose]: async () => client.disconnect(),
  };
}

/** Stores messages on Kafka with their times, over four partitions. */
export async function kafkaStore(bootstrapServers: string) {
  const kafka = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  return {
    store: (events: readonly FilledEvent[]) =>
      producer.send({
        topic: consoleTopic,
        acks: 1,
        compression: CompressionTypes.None,
        messages: events.map(({ time, message: { key, value, headers } }, at) => ({
          partition: at % 4,
          timestamp: String(time),
          key: key === null ? null : Buffer.from(key),
          value: value === null ? null : Buffer.from(value),
          headers: Object.fromEntries(headers.map(([name, bytes]) => [name, Buffer.from(bytes ?? [])])),
        })),
      }),
    [Symbol.asyncDispose]: () => producer.disconnect(),
  };
}
