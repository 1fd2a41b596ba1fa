// Requests: each is a transaction with one event, at a steady rate, until SIGTERM; the time that each takes is written down.
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { route, startEventBus } from '@openedx-ts/events-core';
import { sqlOutbox } from '@openedx-ts/events-outbox';
import { ITEM_SENT } from '../../item-sent.js';
import { beginLife } from '../../processes/life.js';
import { processOptions } from '../../processes/process-options.js';
import { openDatabase } from '../open-database.js';
import { drawSequence, keyOf, recordTruth } from '../truth.js';
import type { RequestProcessOptions } from './request-process-options.js';

const { database: address, topics, perSecond, firstKey, keys, log } = processOptions<RequestProcessOptions>();
const { stopSignal, end } = beginLife();
const { database, close } = openDatabase(address, 10);
const outbox = sqlOutbox(database, { relay: false });
const routes = topics.map((topic) => route(ITEM_SENT, { topic, eventKeyField: 'item.key', mode: 'outbox' }));
const bus = await startEventBus({ routes, outbox });
const lines = createWriteStream(log, { flags: 'a' });
const running = new Set<Promise<void>>();
const mostAtOnce = 100;
const startedAt = performance.now();
for (let count = 0; !stopSignal.aborted; count += 1) {
  const waitMs = startedAt + (count * 1_000) / perSecond - performance.now();
  if (waitMs > 1) await sleep(waitMs, undefined, { signal: stopSignal }).catch(() => {});
  const done: Promise<void> = request(keyOf(firstKey + (count % keys))).finally(() => running.delete(done));
  running.add(done);
  if (running.size >= mostAtOnce) await Promise.race(running); // a machine that cannot keep pace
}
await Promise.all(running);
await bus.close();
await close();
await new Promise((resolve) => lines.end(resolve));
end();

async function request(key: string): Promise<void> {
  const [at, from] = [Date.now(), performance.now()];
  await database.transaction((_, executor) =>
    outbox.within(executor, async () => {
      const sequence = await drawSequence(executor, key, 1);
      const eventId = randomUUID();
      await recordTruth(executor, [{ eventId, key, sequence }]);
      await ITEM_SENT.sendEvent({ item: { key, sequence } }, { id: eventId });
    }),
  );
  lines.write(`${at} ${(performance.now() - from).toFixed(3)}\n`);
}
