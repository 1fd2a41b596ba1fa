// A consumer: a member of a group on the bus that EVENT_BUS names, until SIGTERM. Its receiver only keeps the journal.
import { type ConsumerOptions, loadBus } from '@openedx-ts/events-core';
import { ITEM_SENT } from '../item-sent.js';
import { openJournal } from '../journal/journal.js';
import { now } from '../journal/journal-line.js';
import { beginLife } from './life.js';
import { type ConsumerProcessOptions, processOptions } from './process-options.js';

const { journal: file, topic, groupId, options } = processOptions<ConsumerProcessOptions>();
const { stopSignal, end } = beginLife();
const journal = openJournal(file);

ITEM_SENT.connect(
  async ({ data: { item }, metadata: { id }, delivery }) => {
    const { attempt, position } = delivery ?? { attempt: 1, position: '' };
    journal.write(['entered', now(), id, item.key, item.sequence, attempt, position]);
    // Handlers of services wait for something; this is where a kill finds most of them.
    await new Promise((resolve) => setImmediate(resolve));
    journal.write(['finished', now(), id]);
  },
  { name: 'journal' },
);

const bus = await loadBus(process.env.EVENT_BUS ?? '');
// A member that starts before the group exists begins with the first event; later ones go on where the group is.
const consumerOptions: ConsumerOptions = { startFrom: 'earliest', ...options, topics: [topic], groupId };
const consumer = await bus.createConsumer(process.env, consumerOptions);
await consumer.run({ abortSignal: stopSignal });
await consumer.close();
journal[Symbol.dispose]();
end();
