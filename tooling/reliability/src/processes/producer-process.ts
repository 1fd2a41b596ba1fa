// A producer: sends its events over the bus that EVENT_BUS names, a number of them at once, and ends.
import { createMetadata, EventsError, loadBus } from '@openedx-ts/events-core';
import { ITEM_SENT } from '../item-sent.js';
import { openJournal } from '../journal/journal.js';
import { now } from '../journal/journal-line.js';
import { beginLife } from './life.js';
import { type ProducerProcessOptions, processOptions } from './process-options.js';

const options = processOptions<ProducerProcessOptions>();
const { topic, events, inFlight, keys } = options;
const life = beginLife();
const journal = openJournal(options.journal);
const bus = await loadBus(process.env.EVENT_BUS ?? '');
const producer = await bus.createProducer(process.env);

let next = 0;
await Promise.all(Array.from({ length: inFlight }, sendUntilDone));
await producer.close();
journal[Symbol.dispose]();
life.end();

async function sendUntilDone(): Promise<void> {
  while (next < events && !life.stopSignal.aborted) {
    const sequence = next;
    next += 1;
    await send(keys[sequence % keys.length] as string, sequence);
  }
}

async function send(key: string, sequence: number): Promise<void> {
  const metadata = createMetadata(ITEM_SENT);
  const offeredAt = now();
  journal.write(['offered', offeredAt, metadata.id, key, sequence]);
  try {
    const { position } = await producer.send({
      signal: ITEM_SENT,
      topic,
      eventKeyField: 'item.key',
      data: { item: { key, sequence } },
      metadata,
    });
    const at = now();
    journal.write(['accepted', at, metadata.id, position, at - offeredAt]);
  } catch (error) {
    journal.write(['rejected', now(), metadata.id, EventsError.is(error) ? error.code : String(error)]);
  }
}
