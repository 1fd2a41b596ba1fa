import type { ReceiverFault } from '../processes/receiver-task.js';
import type { Scenario } from '../scenario.js';

/** Some events take ten times as long as a member may be silent: it is not, and nobody else gets them. */
export const slowHandler: Scenario = {
  fault: 'F5',
  name: 'slow-handler',
  title:
    'receivers that need ten times the session timeout (Kafka; on Redis `claimIdleMs`) for some events: 15 s in a short run, 30 s in a full one',
  buses: ['redis', 'kafka'],
  takesUpOnce: true,
  patienceMs: 60_000,
  sizes: {
    test: { events: 1_000, faults: 2, faultMs: 15_000 },
    short: { events: 2_000, faults: 2, faultMs: 15_000 },
    full: { events: 50_000, faults: 4, faultMs: 30_000 },
  },
  run: async (rig, { events, faults, faultMs = 0 }) => {
    const fault: ReceiverFault = { every: events / faults, is: 'takes-long', ms: faultMs };
    const options = rig.broker.consumerOptions({ takeOverMs: faultMs / 10 });
    rig.startConsumer(options, { fault });
    rig.startConsumer(options, { fault });
    rig.startProducers(2, { events });
    await rig.settle();
  },
};
