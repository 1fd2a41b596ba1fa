import { eventBus as kafkaBus } from '@openedx-ts/event-bus-kafka';
import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { eventBus as redisBus } from '@openedx-ts/event-bus-redis';
import { loadCatalogSignal } from '@openedx-ts/events-catalog';
import { serveConsole } from '@openedx-ts/events-console';
import type { EventBusPlugin, Producer } from '@openedx-ts/events-core';
import type { EventBusAdmin } from '@openedx-ts/events-core/operate';
import { send } from '../bus/bus-subjects.js';
import { type ConsoleStarted, type ConsoleTask, consoleTopic, largeEvents } from './console-task.js';
import { fillLargeTopic, kafkaStore, memoryStore, redisStore } from './fill-large-topic.js';

// A process that serves a console of one bus: of a topic of a million events, or of one that gets 200 a second. The task is
// the argument. It answers the message `heap`, and ends with the channel to its parent.
const task = JSON.parse(process.argv[2] ?? '') as ConsoleTask;
const broker = new MemoryBroker({ retainedMessages: task.kind === 'large' ? largeEvents : 1_000 });
const plugins: Readonly<Record<ConsoleTask['bus'], EventBusPlugin>> = {
  memory: memoryEventBus(broker),
  redis: redisBus,
  kafka: kafkaBus,
};
const plugin = plugins[task.bus];
const env = {
  EVENT_BUS_REDIS_CONNECTION_URL: task.redisUrl,
  EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: task.bootstrapServers,
  EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: task.registryUrl,
};
const admin = (await plugin.createAdmin?.(env)) as EventBusAdmin;
const producer = await plugin.createProducer(env);
let sent = 0;
let asked = 0;
const SEND_EVERY_MS = 50;
const PER_SECOND = 200;
await send(producer, consoleTopic);
const ids = task.kind === 'large' ? await fill() : [];
const grants = { act: false, unmask: false, who: 'bench' };
const { url } = await serveConsole({ admin, busName: task.bus, loadSignal: loadCatalogSignal, ...grants });
process.on('disconnect', () => process.exit());
process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ heapBytes: process.memoryUsage().heapUsed, sent });
});
process.send?.({ url, ids } satisfies ConsoleStarted);
const startedAt = performance.now();
if (task.kind === 'live') setInterval(() => void sendSome(producer), SEND_EVERY_MS);

async function fill(): Promise<readonly string[]> {
  const page = await admin.topics?.newest?.(consoleTopic, { count: 1 });
  const template = page?.messages[0]?.message;
  if (template === undefined) throw new Error('the event that is copied is not there');
  if (task.bus === 'memory') return fillLargeTopic(template, memoryStore(broker));
  await using filler = await (task.bus === 'redis'
    ? redisStore(task.redisUrl)
    : kafkaStore(task.bootstrapServers));
  return await fillLargeTopic(template, filler.store); // the filler is closed after it
}

/** The events that are due, also those of a timer that was late. */
async function sendSome(to: Producer): Promise<void> {
  const due = Math.floor(((performance.now() - startedAt) / 1_000) * PER_SECOND) - asked;
  asked += due;
  await Promise.all(Array.from({ length: due }, () => send(to, consoleTopic)));
  sent += due;
  if (task.bus === 'memory') for (const partition of [0, 1, 2, 3]) broker.trim(consoleTopic, partition);
}
