import { setTimeout as sleep } from 'node:timers/promises';
import type { Rig } from '../rig.js';
import type { Scenario } from '../scenario.js';
import { moments } from './moments.js';

/**
 * The broker forgets everything: topics, groups, schemas. Each time when all that it holds has been handled, so that
 * whatever is lost is lost by what the bus does afterwards.
 */
export const brokerFlushes: Scenario = {
  fault: 'F10',
  name: 'broker-flushes',
  title: 'all data of the broker deleted, while producers pause and all that it holds is handled',
  buses: ['redis'],
  sizes: {
    test: { events: 4_000, faults: 2 },
    short: { events: 10_000, faults: 3 },
    full: { events: 200_000, faults: 20 },
  },
  run: async (rig, size) => {
    const options = rig.broker.consumerOptions({ takeOverMs: 10_000 });
    rig.startConsumer(options);
    rig.startConsumer(options);
    const producers = rig.startProducers(2, size);
    for (const count of moments(size, rig.random)) {
      await rig.until(() => rig.ledger.accepted >= count);
      for (const producer of producers) producer.freeze();
      while (!(await isAllHandled(rig))) await sleep(20);
      await rig.outage(() => rig.broker.flush());
      for (const producer of producers) producer.unfreeze();
    }
    await rig.settle();
  },
};

/** By the broker's own word: what paused producers have not read yet of its answers is not in their journals. */
async function isAllHandled(rig: Rig): Promise<boolean> {
  const { pending, unread } = await rig.broker.stock(rig.topic, rig.groupId);
  return pending === 0 && unread === 0;
}
