// A consumer: a member of a group on the bus that EVENT_BUS names, until SIGTERM. Its receiver keeps the journal, and
// follows the rig's commands.
import { loadBus } from '@openedx-ts/events-core/operate';
import { ITEM_SENT } from '../item-sent.js';
import { openJournal } from '../journal/journal.js';
import { beginLife } from './life.js';
import { openInbox } from './open-inbox.js';
import { type ConsumerProcessOptions, processOptions } from './process-options.js';
import { receiveItem } from './receive-item.js';
import { sampleProcess } from './sample-process.js';
import { watchTurns } from './watch-turns.js';

const {
  journal: file,
  topic,
  groupId,
  options,
  task,
  sampling,
  turns,
} = processOptions<ConsumerProcessOptions>();
const { stopSignal, end } = beginLife();
const sampler = sampling && sampleProcess(sampling, stopSignal);
const watch = turns === undefined ? undefined : watchTurns(turns);
const journal = openJournal(file);
const inbox = task.inbox === undefined ? undefined : openInbox(task.inbox, journal);
const { fault } = task;
ITEM_SENT.connect((event) => receiveItem(event, { journal, fault, effect: inbox?.effect }), {
  name: 'journal',
});

const bus = await loadBus(process.env.EVENT_BUS ?? '');
const consumer = await bus.createConsumer(process.env, {
  // A member that starts before the group exists starts with the first event; later members continue at the group's position.
  startFrom: 'earliest',
  ...options,
  topics: [topic],
  groupId,
});
await consumer.run({ abortSignal: stopSignal });
await consumer.close();
await inbox?.close();
journal[Symbol.dispose]();
sampler?.[Symbol.dispose]();
watch?.[Symbol.dispose]();
end();
