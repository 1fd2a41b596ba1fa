import { now as clockNow } from '../journal/journal-line.js';
import type { Scenario } from '../scenario.js';
import { KafkaClusterLoad } from './kafka-cluster-load.js';
import { moments } from './moments.js';

/** One node of a Kafka cluster after the other is killed, and started again when the others have its partitions. */
export const nodeKills: Scenario = {
  fault: 'F1',
  name: 'node-kills',
  title:
    'SIGKILL of each of three nodes in turn, brokers and controllers at once, while two producers send and two members handle; its restart once its partitions accept events again',
  buses: ['kafka-cluster'],
  needsCluster: true,
  patienceMs: 60_000,
  sizes: {
    test: { events: 6_000, faults: 2 },
    short: { events: 20_000, faults: 3 },
    full: { events: 200_000, faults: 30 },
  },
  run: async (rig, size) => {
    const load = new KafkaClusterLoad(rig, { ...size, perSecond: 500, inFlight: 4_000 });
    const { cluster } = load;
    for (const [index, count] of moments(size, rig.random).entries()) {
      await load.untilAccepted(count);
      const node = cluster.node(1 + (index % cluster.nodes.length));
      const partitions = await cluster.partitions(rig.topic);
      const affected = partitions.filter(({ inSync }) => inSync.includes(node.id));
      const fault = load.fault(affected.map(({ partition }) => partition));
      await node.kill();
      await cluster.untilPartitions(rig.topic, (now) =>
        now.every(({ leader }) => leader >= 0 && leader !== node.id),
      );
      fault.electedAt = clockNow();
      await load.untilBack(fault);
      await node.start();
      await cluster.untilInSync();
    }
    await rig.settle();
  },
};
