import { kafkaOrReason, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { KafkaEventBusProducer, kafkaProducerSettings } from '@openedx-ts/event-bus-kafka';
import { SESSION_LOGIN_COMPLETED } from '@openedx-ts/events-catalog/learning/session-login-completed';
import { createMetadata } from '@openedx-ts/events-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { pythonOrReason } from '../python-environment.js';
import { PythonPeer } from '../python-peer.js';
import { readTopics, type StoredMessage } from './read-topics.js';

const partitions = 12;
const kafka = await kafkaOrReason({ own: true, numPartitions: partitions });
const peer = await pythonOrReason();
const reason = kafka.reason ?? peer.reason;

const topic = 'user-login';
const eventKeyField = 'user.pii.username';
const { eventType } = SESSION_LOGIN_COMPLETED;
const keys = randomKeys(1_000);

describe.skipIf(reason !== undefined)(
  `A Python and a TypeScript producer on one topic${reason ? ` (${reason})` : ''}`,
  () => {
    let stored: readonly StoredMessage[];

    beforeAll(async () => {
      await using server = await kafka.start();
      await using registry = await startFakeSchemaRegistry();
      const settings = {
        EVENTS_SERVICE_NAME: 'logins',
        EVENT_BUS_PRODUCER: 'edx_event_bus_kafka.create_producer',
        EVENT_BUS_PRODUCER_CONFIG: JSON.stringify({
          [eventType]: { [topic]: { event_key_field: eventKeyField, enabled: true } },
        }),
        EVENT_BUS_TOPIC_PREFIX: '',
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.bootstrapServers,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
      };
      await Promise.all([sendFromHere(settings), sendFromPython(settings)]);
      stored = await readTopics(peer.python, server.bootstrapServers, [topic]);
    });

    it('put each of a thousand keys into one partition', () => {
      const partitionsOf = new Map<string, number[]>();
      for (const { key, partition } of stored) {
        partitionsOf.set(String(key), [...(partitionsOf.get(String(key)) ?? []), partition]);
      }
      expect(partitionsOf.size).toBe(keys.length);
      for (const [key, partitions] of partitionsOf) {
        // One from each; a request that is sent again on a busy machine may leave an event twice.
        expect(partitions.length).toBeGreaterThanOrEqual(2);
        expect({ key, partitions }).toEqual({ key, partitions: partitions.map(() => partitions[0]) });
      }
    });

    it('use all partitions', () => {
      expect(new Set(stored.map(({ partition }) => partition)).size).toBe(partitions);
    });
  },
);

async function sendFromHere(settings: Readonly<Record<string, string>>): Promise<void> {
  await using producer = new KafkaEventBusProducer(kafkaProducerSettings(settings));
  const sends = keys.map((key) =>
    producer.send({
      signal: SESSION_LOGIN_COMPLETED,
      topic,
      eventKeyField,
      data: login(key),
      metadata: createMetadata({ eventType }),
    }),
  );
  await Promise.all(sends);
}

async function sendFromPython(settings: Readonly<Record<string, string>>): Promise<void> {
  await using producer = new PythonPeer({ python: peer.python, script: 'produce.py', args: [], settings });
  for (const key of keys) {
    producer.write({
      case: key,
      event_type: eventType,
      time: '2026-11-21T07:41:28+00:00',
      data: login(key),
    });
  }
  await producer.untilLines(1 + keys.length, AbortSignal.timeout(60_000));
  expect(producer.lines.flatMap(({ error }) => error ?? [])).toEqual([]);
}

function login(username: string) {
  return { user: { id: 1, is_active: true, pii: { username, email: 'a@example.org', name: 'A' } } };
}

/** Different ones of up to 40 characters from all planes, the empty one among them; the same in each run. */
function randomKeys(count: number): readonly string[] {
  let state = 20_261_121;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const ranges = [
    [0x20, 0x7e],
    [0xa0, 0x17f],
    [0x4e00, 0x9fff],
    [0x1f300, 0x1f5ff],
  ] as const;
  const character = () => {
    const [first, last] = ranges[next(ranges.length)] as readonly [number, number];
    return String.fromCodePoint(first + next(last - first + 1));
  };
  const found = new Set(['']);
  while (found.size < count) found.add(Array.from({ length: 1 + next(40) }, character).join(''));
  return [...found];
}
