import { MemoryBroker, MemoryEventBusAdmin } from '@openedx-ts/event-bus-memory';
import { deadLetterQueue, type TopicStore } from '@openedx-ts/events-core/operate';
import { expect, it } from 'vitest';
import { AuditTrail } from '../audit/audit-trail.js';
import { RedriveJobs } from './redrive-jobs.js';

/** A store whose dead-letter topic has no end. */
function endless() {
  const { topics } = new MemoryEventBusAdmin(new MemoryBroker());
  const reading = { pages: 0, hasEnded: false };
  const store = Object.create(topics, {
    wireFormat: { value: topics.wireFormat },
    topicPrefix: { value: undefined },
    read: {
      value: async function* (topic: string) {
        try {
          for (; ; reading.pages += 1) {
            await new Promise(setImmediate);
            const message = { topic, key: null, value: Buffer.from('?'), headers: [] };
            yield [{ message, lane: `${topic}:0`, position: `0:${reading.pages}`, storedAt: null }];
          }
        } finally {
          reading.hasEnded = true;
        }
      },
    },
  }) as TopicStore;
  return { store, reading };
}

it.each(['stop', 'close'] as const)('%s ends a redrive that still counts what is selected', async (end) => {
  const { store, reading } = endless();
  const jobs = new RedriveJobs(store, new AuditTrail(undefined));
  const queue = deadLetterQueue(store, { topic: 'orders', groupId: 'mail' });
  const selected = { queue, selection: { all: true }, ratePerSecond: undefined, allGroups: false };
  const starting = jobs.start({ ...selected, who: 'ada' });
  await expect.poll(() => reading.pages).toBeGreaterThan(3);
  const [{ id } = { id: '' }] = jobs.list();
  await (end === 'stop' ? jobs.stop(id, 'ada') : jobs.close());
  await starting;
  expect(jobs.get(id)).toMatchObject({ state: 'stopped', redriven: 0 });
  expect(reading.hasEnded).toBe(true);
});
