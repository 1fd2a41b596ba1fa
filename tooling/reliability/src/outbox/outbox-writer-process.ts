// Writers: each opens transaction after transaction and sends events in them, until SIGTERM.
import { appendFileSync } from 'node:fs';
import { route, startEventBus } from '@openedx-ts/events-core';
import { sqlOutbox } from '@openedx-ts/events-outbox';
import { ITEM_SENT } from '../item-sent.js';
import { beginLife } from '../processes/life.js';
import { processOptions } from '../processes/process-options.js';
import { openDatabase } from './open-database.js';
import type { WriterProcessOptions } from './outbox-process-options.js';
import { writeChanges } from './write-changes.js';

const options = processOptions<WriterProcessOptions>();
const { stopSignal, end } = beginLife();
const { database, close } = openDatabase(options.database, options.writers + 1);
const outbox = sqlOutbox(database, { relay: false });
const routes = [route(ITEM_SENT, { topic: options.topic, eventKeyField: 'item.key', mode: 'outbox' })];
const bus = await startEventBus({ routes, outbox });
await writeChanges(options, {
  outbox,
  database,
  stopSignal,
  onDeadlock: (error) => appendFileSync(options.deadlocks, `${String(error)}\n`),
});
await bus.close();
await close();
end();
