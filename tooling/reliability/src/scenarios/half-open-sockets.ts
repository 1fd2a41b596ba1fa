import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy } from '@openedx-ts/brokers';
import type { Scenario } from '../scenario.js';
import { moments } from './moments.js';

/** Connections stay open and carry nothing until their clients have closed them. */
export const halfOpenSockets: Scenario = {
  fault: 'F8',
  name: 'half-open-sockets',
  title:
    'a proxy that keeps all connections to the broker open and lets nothing through, until a second after their clients have closed them',
  buses: ['redis', 'kafka'],
  isProxied: true,
  sizes: {
    test: { events: 4_000, faults: 1 },
    short: { events: 10_000, faults: 1 },
    full: { events: 200_000, faults: 20 },
  },
  run: async (rig, size) => {
    const stalledMs = rig.broker.clientsWaitMs + 1_000;
    // Longer than the broker is unreachable: a member that reconnects finds the events that it had in flight.
    const options = rig.broker.consumerOptions({ takeOverMs: 4 * stalledMs });
    rig.startConsumer(options);
    rig.startConsumer(options);
    rig.startProducers(2, size);
    const proxy = rig.broker.proxy as FaultProxy;
    let handledBefore = 0;
    for (const count of moments(size, rig.random)) {
      await rig.until(() => rig.ledger.accepted >= count && rig.ledger.handled > handledBefore);
      await rig.outage(async () => {
        proxy.stall();
        await sleep(stalledMs);
        proxy.heal();
      });
      handledBefore = rig.ledger.handled;
    }
    await rig.settle();
  },
};
