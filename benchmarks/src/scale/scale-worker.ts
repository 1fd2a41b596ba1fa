import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { KafkaEventBusConsumer, KafkaEventBusProducer } from '@openedx-ts/event-bus-kafka';
import { Kafka, logLevel } from 'kafkajs';
import { consume, send } from '../bus/bus-subjects.js';
import { inFlight, keepInFlight } from '../bus/in-flight.js';
import type { ScaleFigures, ScaleTask } from './scale-task.js';

const idleMs = 5_000;
const groupId = `scale-${process.pid}`;

// Sends the figures of its task, which is JSON in the only argument, and ends without leaving groups: their broker is
// thrown away.
const task = JSON.parse(process.argv[2] ?? '') as ScaleTask;
const { bootstrapServers, registryUrl: url } = task.servers;
const options = { bootstrapServers, schemaRegistry: { url } };
process.send?.(await figuresOf(task), () => process.exit());

function figuresOf(task: ScaleTask): Promise<ScaleFigures> {
  if (task.kind === 'consumers') return consumers(task.topics, task.members);
  if (task.kind === 'producers') return producers(task.topic, task.producers);
  return events(task.topic, task.events);
}

async function consumers(topics: readonly string[], members: number): Promise<ScaleFigures> {
  const admin = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const stableWith = async (count: number) => {
    for (;;) {
      const { groups } = await admin.describeGroups([groupId]);
      if (groups[0]?.state === 'Stable' && groups[0].members.length === count) return;
      await setTimeout(20);
    }
  };
  const start = async () => {
    const consumer = new KafkaEventBusConsumer({ ...options, topics, groupId, startFrom: 'earliest' });
    void consumer.run();
    await consumer.ready;
  };
  const before = memory();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const startMs = await timed(async () => {
    await Promise.all(Array.from({ length: members }, start));
    await stableWith(members);
  });
  await setTimeout(2_000); // timers and fetches settle
  const memoryBytes = memory() - before;
  const connections = sockets() - 1;
  const idleCpu = await idle();
  const rebalanceMs = await timed(() => Promise.all([start(), stableWith(members + 1)]));
  return { startMs, rebalanceMs, memoryBytes, connections, idleCpu, stallMs: delay.max / 1e6 };
}

async function producers(topic: string, count: number): Promise<ScaleFigures> {
  await send(new KafkaEventBusProducer(options), topic); // what the first one loads and compiles is not counted
  const [before, socketsBefore] = [memory(), sockets()];
  const all = Array.from({ length: count }, () => new KafkaEventBusProducer(options));
  const startMs = await timed(() => Promise.all(all.map((producer) => send(producer, topic))));
  const memoryBytes = memory() - before;
  return { startMs, memoryBytes, connections: sockets() - socketsBefore, idleCpu: await idle() };
}

async function events(topic: string, count: number): Promise<ScaleFigures> {
  const producer = new KafkaEventBusProducer(options);
  const produce = (count: number) => keepInFlight(inFlight, count, () => send(producer, topic));
  const read = (count: number) =>
    consume((more) => new KafkaEventBusConsumer({ ...options, ...more }), topic, count);
  const warmUp = 20_000;
  await produce(warmUp);
  await read(warmUp);
  const produceCpu = await cpu(() => produce(count));
  const consumeCpu = await cpu(() => read(count));
  return { produceCpu, consumeCpu };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** CPU time in microseconds. */
async function cpu(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** CPU time in microseconds a second. */
async function idle(): Promise<number> {
  return (await cpu(() => setTimeout(idleMs))) / (idleMs / 1_000);
}

function memory(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

function sockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}
