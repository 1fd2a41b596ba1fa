import type { BusProcess } from '../processes/bus-process.js';
import type { Scenario } from '../scenario.js';
import { moments } from './moments.js';

/** The members of a group are restarted one after the other, as a deployment does it. */
export const rollingRestart: Scenario = {
  fault: 'F25',
  name: 'rolling-restart',
  title: 'SIGTERM of each of three members in turn under load, and a new member for each',
  buses: ['redis', 'kafka'],
  sizes: { short: { events: 30_000, faults: 3 }, full: { events: 200_000, faults: 40 } },
  run: async (rig, size) => {
    // Long enough that nothing is taken over but what a member has handed over.
    const options = rig.broker.consumerOptions({ takeOverMs: 10_000 });
    const members = [1, 2, 3].map(() => rig.startConsumer(options));
    rig.startProducers(2, size);
    const isBusy = ({ life }: BusProcess) => rig.ledger.enteredBy(life) > 0;
    for (const [index, count] of moments(size, rig.random).entries()) {
      const place = index % members.length;
      await rig.until(() => rig.ledger.handled >= count && isBusy(members[place] as BusProcess));
      await rig.terminate(members[place] as BusProcess);
      members[place] = rig.startConsumer(options);
    }
    await rig.settle();
  },
};
