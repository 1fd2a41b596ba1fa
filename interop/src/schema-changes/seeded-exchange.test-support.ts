import {
  createMetadata,
  type Environment,
  type EventBusPlugin,
  type OpenEdxPublicSignal,
  type Producer,
} from '@openedx-ts/events-core';
import { deadLetterTopic, type Message } from '@openedx-ts/events-core/bus';
import { type EventBusAdmin, maskPersonalData, type TopicStore } from '@openedx-ts/events-core/operate';
import { expect } from 'vitest';
import type { Breakage } from './seeded-change.test-support.js';
import { seededChanges } from './seeded-changes.test-support.js';
import { type Age, defineSeeded } from './seeded-verdicts.test-support.js';

const topic = 'seeded';

/** The ids of the events that an old and a new process have sent, by event type. */
type Sent = Readonly<Record<Age, ReadonlyMap<string, readonly string[]>>>;
/** What a process received, by id, with personal data masked by its own definitions. */
type Received = ReadonlyMap<string, string>;

/**
 * Exchanges the events of all seeded changes over a real broker: processes with the old and with the new definitions send
 * them, and one of each receives everything.
 *
 * @returns what broke, by the name of the change
 */
export async function seededExchange(
  bus: EventBusPlugin,
  env: Environment,
): Promise<ReadonlyMap<string, readonly Breakage[]>> {
  await using producer = await bus.createProducer(env);
  const sent: Sent = { before: await sendAll(producer, 'before'), after: await sendAll(producer, 'after') };
  const total = [...sent.before.values(), ...sent.after.values()].flat().length;
  await using admin = (await bus.createAdmin?.(env)) as EventBusAdmin;
  const topics = admin.topics as TopicStore;
  const before = await receiveAll({ bus, env, age: 'before', topics, total });
  const after = await receiveAll({ bus, env, age: 'after', topics, total });
  const keys = new Map<string, string>();
  for await (const page of topics.read(topic))
    for (const { message } of page) keys.set(idOf(message), keyOf(message));
  return new Map(
    seededChanges.map((change) => {
      const old = sent.before.get(change.eventType) ?? [];
      const now = sent.after.get(change.eventType) ?? [];
      expect(
        old.filter((id) => !before.has(id)),
        `old code reads its own: ${change.name}`,
      ).toEqual([]);
      expect(
        now.filter((id) => !after.has(id)),
        `new code reads its own: ${change.name}`,
      ).toEqual([]);
      const broken: Record<Breakage, boolean> = {
        backward: old.some((id) => !after.has(id)),
        forward: now.some((id) => !before.has(id)),
        key: change.before.eventKeyField !== undefined && differs(keys, old, now),
        pii: shows(after, now) && !shows(before, now),
      };
      return [change.name, (Object.keys(broken) as Breakage[]).filter((one) => broken[one])];
    }),
  );
}

async function sendAll(producer: Producer, age: Age): Promise<Sent[Age]> {
  const { signals, restore } = defineSeeded(age);
  restore();
  const ids = new Map<string, readonly string[]>();
  for (const change of seededChanges) {
    const signal = signals.get(change.eventType);
    const payloads = age === 'before' ? change.sentBefore : change.sentAfter;
    if (signal !== undefined)
      ids.set(change.eventType, await Promise.all(payloads.map((data) => send(producer, signal, data))));
  }
  return ids;
}

async function send(producer: Producer, signal: OpenEdxPublicSignal, data: object): Promise<string> {
  const { eventKeyField = 'item' in signal.shape.fields ? 'item.id' : 'a' } = signal.about;
  const metadata = createMetadata(signal);
  const event = { signal, topic, eventKeyField, data, metadata };
  await producer.send(event as unknown as Parameters<Producer['send']>[0]);
  return metadata.id;
}

interface Receiving {
  readonly bus: EventBusPlugin;
  readonly env: Environment;
  readonly age: Age;
  readonly topics: TopicStore;
  readonly total: number;
}

async function receiveAll({ bus, env, age, topics, total }: Receiving): Promise<Received> {
  const { signals, restore } = defineSeeded(age);
  const received = new Map<string, string>();
  for (const signal of signals.values())
    signal.connect(({ data, metadata }) => {
      received.set(metadata.id, JSON.stringify(maskPersonalData(signal.shape, data)));
    });
  const consumer = await bus.createConsumer(env, {
    topics: [topic],
    groupId: age,
    startFrom: 'earliest',
    unknownType: 'dead-letter',
    maxAttempts: 1,
  });
  const running = consumer.run();
  await expect
    .poll(async () => received.size + (await deadLetters(topics, age)), { timeout: 240_000, interval: 100 })
    .toBe(total);
  consumer.stop();
  await running;
  await consumer.close();
  restore();
  return received;
}

async function deadLetters(topics: TopicStore, groupId: string): Promise<number> {
  let count = 0;
  for await (const page of topics.read(deadLetterTopic(topic, groupId))) count += page.length;
  return count;
}

function idOf({ headers }: Message): string {
  const id = headers.find(([name]) => name === 'id' || name === 'ce_id')?.[1];
  return Buffer.from(id ?? []).toString();
}

function keyOf({ key }: Message): string {
  return Buffer.from(key ?? []).toString('hex');
}

/** Whether the first event of each side has another key. */
function differs(
  keys: ReadonlyMap<string, string>,
  [old]: readonly string[],
  [now]: readonly string[],
): boolean {
  return old !== undefined && now !== undefined && keys.get(old) !== keys.get(now);
}

/** Whether the name of a person can be read in one of the events. */
function shows(received: Received, ids: readonly string[]): boolean {
  return ids.some((id) => received.get(id)?.includes('Ada') === true);
}
