// A relay: publishes what the writers commit on the bus that EVENT_BUS names, or stands by, until SIGTERM.
import { appendFileSync } from 'node:fs';
import { configureEvents } from '@openedx-ts/events-core';
import { loadBus } from '@openedx-ts/events-core/operate';
import { mysqlOutboxStore, OutboxRelay, postgresOutboxStore } from '@openedx-ts/events-outbox';
import { beginLife } from '../processes/life.js';
import { processOptions } from '../processes/process-options.js';
import { openDatabase } from './open-database.js';
import type { MemoryFiles, RelayProcessOptions } from './outbox-process-options.js';

const options = processOptions<RelayProcessOptions>();
const { stopSignal, end } = beginLife();
configureEvents({ sourceHost: options.life });
const { database, close } = openDatabase(options.database, 4);
const store = options.database.dialect === 'mysql' ? mysqlOutboxStore() : postgresOutboxStore();
const plugin = await loadBus(process.env.EVENT_BUS ?? '');
const producer = await plugin.createProducer(process.env);
const relay = new OutboxRelay({ database, store, producer, options: { leaseMs: options.leaseMs } });
const { memory } = options;
const recordIn = ({ resident, heap }: MemoryFiles) => {
  const { rss, heapUsed } = process.memoryUsage();
  appendFileSync(resident, `${Date.now()} ${rss}\n`);
  appendFileSync(heap, `${Date.now()} ${heapUsed}\n`);
};
const recording = memory === undefined ? undefined : setInterval(recordIn, 500, memory);
await relay.run({ abortSignal: stopSignal });
clearInterval(recording);
await relay.close();
await producer.close();
await close();
end();
