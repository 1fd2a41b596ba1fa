import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordToJson } from '@openedx-ts/events-avro';
import { createMetadata, type OpenEdxPublicSignal, type Producer } from '@openedx-ts/events-core';
import { checkData } from '@openedx-ts/events-core/bus';
import type { InteropBus, InteropPlan } from '../interop-bus.js';
import { PythonPeer } from '../python-peer.js';
import { runCommand } from '../run-command.test-support.js';
import { seededChanges } from './seeded-changes.test-support.js';
import { type Age, defineSeeded } from './seeded-verdicts.test-support.js';

/** What a Python service needs that reads the events of all seeded changes. */
export interface PythonReading {
  readonly python: string;
  /** The definitions of the service. */
  readonly age: Age;
  /** For its module. */
  readonly folder: string;
  start(plan: InteropPlan): Promise<InteropBus>;
}

/** How a Python service with old or new definitions reads what the other side sends. */
export interface PythonResult {
  /** Names of changes that its version of the package cannot hold, or that the other side does not send. */
  readonly left: ReadonlySet<string>;
  /** Names of changes of which it does not get an event, or gets it with other values. */
  readonly broken: ReadonlySet<string>;
}

/** Sends the events of the other age to a Python service that has its definitions from `export python`. */
export async function pythonReads({ python, age, folder, start }: PythonReading): Promise<PythonResult> {
  const topicPrefix = `seeded-${randomUUID().slice(0, 8)}`;
  const topics = { toPython: 'seeded', toTypeScript: 'none' };
  const pythonGroup = `${topicPrefix}-python`;
  const bus = await start({ topicPrefix, topics, pythonGroup });
  const module = join(folder, `${age}.py`);
  writeFileSync(module, await moduleOf(age));
  await using peer = new PythonPeer({
    python,
    script: 'consume.py',
    args: [topics.toPython, pythonGroup, JSON.stringify(bus.consumerExtra)],
    settings: {
      EVENTS_SERVICE_NAME: 'seeded',
      EVENT_BUS_TOPIC_PREFIX: topicPrefix,
      INTEROP_EVENTS: module,
      ...bus.settings,
    },
  });
  const abortSignal = AbortSignal.timeout(60_000);
  await peer.untilLines(1, abortSignal);
  const known = peer.lines[0]?.definitions ?? {};
  await using producer = bus.createProducer({ topicPrefix });
  const sent = await sendOthers(producer, topics.toPython, age, (type) => known[type]?.schema !== undefined);
  await peer.untilLines(1 + sent.size, abortSignal);
  const received = new Map(peer.lines.map(({ metadata, data }) => [metadata?.id, data]));
  const broken = new Set<string>();
  for (const [id, { name, data }] of sent) if (!isRead(data, received.get(id))) broken.add(name);
  const held = new Set([...sent.values()].map(({ name }) => name));
  return { left: new Set(seededChanges.map(({ name }) => name).filter((name) => !held.has(name))), broken };
}

/** All definitions one after another: Python's classes of one name may follow each other. */
async function moduleOf(age: Age): Promise<string> {
  const { signals, restore } = defineSeeded(age);
  let text = '';
  for (const [eventType, { about }] of signals) {
    if (about.localOnly !== undefined) continue;
    const { code, stdout, stderr } = await runCommand(['export', 'python', eventType]);
    if (code !== 0) throw new Error(stderr);
    text += stdout;
  }
  restore();
  return text;
}

type SentEvents = ReadonlyMap<string, { readonly name: string; readonly data: object }>;

async function sendOthers(
  producer: Producer,
  topic: string,
  age: Age,
  isHeld: (eventType: string) => boolean,
): Promise<SentEvents> {
  const other = age === 'before' ? 'after' : 'before';
  const { signals, restore } = defineSeeded(other);
  restore();
  const sent = new Map<string, { readonly name: string; readonly data: object }>();
  for (const change of seededChanges) {
    const signal = signals.get(change.eventType);
    if (signal === undefined || signal.about.localOnly !== undefined || !isHeld(change.eventType)) continue;
    for (const data of other === 'before' ? change.sentBefore : change.sentAfter) {
      const id = await send(producer, topic, signal, data);
      sent.set(id, { name: change.name, data: recordToJson(signal, checkData(signal, data as never)) });
    }
  }
  return sent;
}

async function send(
  producer: Producer,
  topic: string,
  signal: OpenEdxPublicSignal,
  data: object,
): Promise<string> {
  const { eventKeyField = 'item' in signal.shape.fields ? 'item.id' : 'a' } = signal.about;
  const metadata = createMetadata(signal);
  const event = { signal, topic, eventKeyField, data, metadata };
  await producer.send(event as unknown as Parameters<Producer['send']>[0]);
  return metadata.id;
}

/** Whether an event arrived, and the fields that both sides have, with the values that were sent. */
function isRead(sent: unknown, received: unknown): boolean {
  if (received === undefined) return false;
  if (typeof sent !== 'object' || sent === null || typeof received !== 'object' || received === null)
    return String(sent) === String(received);
  return Object.entries(sent).every(([name, value]) => {
    const other = (received as Readonly<Record<string, unknown>>)[name];
    return other === undefined || isRead(value, other);
  });
}
