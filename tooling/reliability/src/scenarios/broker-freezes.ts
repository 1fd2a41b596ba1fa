import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.js';
import { moments } from './moments.js';

/** The broker stops to answer while its connections stay open, as behind a network that swallows packets. */
export const brokerFreezes: Scenario = {
  fault: 'F8',
  name: 'broker-freezes',
  title:
    'SIGSTOP of the broker for longer than its clients wait, while two producers send and two members handle',
  buses: ['redis', 'kafka'],
  sizes: {
    test: { events: 4_000, faults: 1 },
    short: { events: 10_000, faults: 1 },
    full: { events: 200_000, faults: 20 },
  },
  run: async (rig, size) => {
    // A client closes its connection, opens another, and waits for an answer again.
    const frozenMs = rig.broker.clientsWaitMs + 4_000;
    // Longer than the broker is unreachable: a member that reconnects finds the events that it had in flight.
    const options = rig.broker.consumerOptions({ takeOverMs: 2 * frozenMs });
    rig.startConsumer(options);
    rig.startConsumer(options);
    rig.startProducers(2, size);
    for (const count of moments(size, rig.random)) {
      await rig.until(() => rig.ledger.accepted >= count);
      await rig.outage(async () => {
        await rig.broker.freeze();
        await sleep(frozenMs);
        await rig.broker.unfreeze();
      });
    }
    await rig.settle();
  },
};
