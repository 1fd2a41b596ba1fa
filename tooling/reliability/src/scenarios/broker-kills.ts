import type { Scenario } from '../scenario.js';
import { moments } from './moments.js';

/** The broker is killed while producers send and consumers handle, and started again with what it has on its disk. */
export const brokerKills: Scenario = {
  fault: 'F1',
  name: 'broker-kills',
  title: 'SIGKILL of the broker while two producers send and two members handle, and its restart',
  buses: ['redis', 'redis-everysec', 'kafka', 'memory'],
  sizes: {
    test: { events: 7_000, faults: 2 },
    short: { events: 50_000, faults: 10 },
    full: { events: 200_000, faults: 50 },
  },
  run: async (rig, size) => {
    const options = rig.broker.consumerOptions({ takeOverMs: 2_000 });
    rig.startConsumer(options);
    rig.startConsumer(options);
    const producers = rig.startProducers(2, size);
    let before: readonly number[] = producers.map(() => 0);
    let handledBefore = 0;
    // Each producer has got through since the last time, and the members too: nothing waits for two outages.
    const areBack = () =>
      rig.ledger.handled > handledBefore &&
      producers.every(
        ({ life, end }, index) => end !== undefined || rig.ledger.acceptedOf(life) > (before[index] ?? 0),
      );
    for (const count of moments(size, rig.random)) {
      await rig.until(() => rig.ledger.accepted >= count && areBack());
      await rig.outage(async () => {
        await rig.broker.kill();
        await rig.broker.start();
      });
      handledBefore = rig.ledger.handled;
      before = producers.map(({ life }) => rig.ledger.acceptedOf(life));
    }
    await rig.settle();
  },
};
