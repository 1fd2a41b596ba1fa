import { setTimeout as sleep } from 'node:timers/promises';
import { RigFailure } from '../rig-failure.js';
import type { Scenario } from '../scenario.js';
import { KafkaClusterLoad } from './kafka-cluster-load.js';
import { moments } from './moments.js';

/** The only replica of a partition is unreachable for longer than clients wait, and the other partitions go on. */
export const leaderlessPartition: Scenario = {
  fault: 'F29',
  name: 'leaderless-partition',
  title:
    'SIGKILL of the only node that has a partition, which has no leader for a minute, while two producers send and two members handle',
  buses: ['kafka-cluster'],
  needsCluster: true,
  patienceMs: 60_000,
  sizes: {
    test: { events: 5_000, faults: 1, faultMs: 4_000 },
    short: { events: 20_000, faults: 1, faultMs: 15_000 },
    full: { events: 200_000, faults: 2, faultMs: 60_000 },
  },
  run: async (rig, size) => {
    const load = new KafkaClusterLoad(rig, { ...size, perSecond: 500, inFlight: 4_000 });
    const { cluster } = load;
    await load.untilAccepted(1);
    await cluster.reassign(rig.topic, ALONE, [NODE]);
    for (const count of moments(size, rig.random)) {
      await load.untilAccepted(count);
      const partitions = await cluster.partitions(rig.topic);
      const affected = partitions.filter(
        ({ partition, inSync }) => partition !== ALONE && inSync.includes(NODE),
      );
      const fault = load.fault(
        affected.map(({ partition }) => partition),
        [ALONE],
      );
      await cluster.node(NODE).kill();
      await sleep(size.faultMs);
      await load.untilBack(fault);
      if (fault.acceptedAt.has(ALONE)) throw new RigFailure(`partition ${ALONE} had a leader all the time`);
      if (load.isOver) throw new RigFailure('all events were sent before the fault was over');
      await cluster.node(NODE).start();
      await cluster.untilInSync();
    }
    await rig.settle();
  },
};

/** The partition with one replica. */
const ALONE = 5;
const NODE = 3;
