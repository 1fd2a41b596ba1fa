import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeSchemaRegistry } from '@openedx-ts/brokers';
import type { Scenario } from '../scenario.js';
import { moments } from './moments.js';

/** The schema registry is unreachable for a while under load; a member that starts in that time knows no schema. */
export const registryOutages: Scenario = {
  fault: 'F7',
  name: 'registry-outages',
  title:
    'the schema registry unreachable under load, for 2 s in a short run and 5 min in a full one; a third member joins in that time and knows no schema',
  buses: ['kafka'],
  sizes: {
    test: { events: 3_000, faults: 1, faultMs: 2_000 },
    short: { events: 6_000, faults: 1, faultMs: 2_000 },
    full: { events: 200_000, faults: 1, faultMs: 300_000 },
  },
  run: async (rig, size) => {
    const { events, faults, faultMs = 0 } = size;
    const registry = rig.broker.registry as FakeSchemaRegistry;
    const options = rig.broker.consumerOptions({ takeOverMs: 10_000 });
    rig.startConsumer(options);
    rig.startConsumer(options);
    // So that there are events to send for as long as it is unreachable.
    rig.startProducers(2, { events, perSecond: events / ((faults + 2) * (faultMs / 1_000)) });
    rig.shouldDie = () => false;
    for (const count of moments({ events: events / 2, faults }, rig.random)) {
      await rig.until(() => rig.ledger.handled >= count);
      await rig.outage(async () => {
        await registry.stop();
        rig.startConsumer(options);
        await sleep(faultMs);
        await registry.start();
      });
    }
    await rig.settle();
  },
};
