import type { Rig } from '../rig.js';
import type { Scenario, ScenarioSize } from '../scenario.js';
import { KafkaClusterLoad } from './kafka-cluster-load.js';
import { moments } from './moments.js';

/** Leaders of partitions move to other replicas, as when an operator balances a cluster. */
export const leaderMoves: Scenario = {
  fault: 'F28',
  name: 'leader-moves',
  title: 'another replica becomes the leader of a partition while two producers send and two members handle',
  buses: ['kafka-cluster'],
  needsCluster: true,
  patienceMs: 60_000,
  isPlanned: true,
  sizes: {
    test: { events: 1_000, faults: 2 },
    short: { events: 20_000, faults: 20 },
    full: { events: 200_000, faults: 200 },
  },
  run: (rig, size) => changeAgainAndAgain(rig, size, ([leader, follower]) => [follower, leader]),
};

/** Partitions move to other nodes, which copy them. */
export const reassignments: Scenario = {
  fault: 'F28',
  name: 'reassignments',
  title:
    'a partition moves from one of its two nodes to the third, and another leader, while two producers send and two members handle',
  buses: ['kafka-cluster'],
  needsCluster: true,
  patienceMs: 60_000,
  isPlanned: true,
  sizes: {
    test: { events: 2_000, faults: 2 },
    short: { events: 20_000, faults: 10 },
    full: { events: 200_000, faults: 60 },
  },
  run: (rig, size) => changeAgainAndAgain(rig, size, ([leader, follower]) => [6 - leader - follower, leader]),
};

type Replicas = readonly [leader: number, follower: number];

/** Gives a partition other replicas, each time another one. Nodes have the ids 1 to 3. */
async function changeAgainAndAgain(
  rig: Rig,
  size: ScenarioSize,
  change: (replicas: Replicas) => Replicas,
): Promise<void> {
  const load = new KafkaClusterLoad(rig, { ...size, perSecond: 1_000 });
  const { cluster } = load;
  for (const count of moments(size, rig.random)) {
    await load.untilAccepted(count);
    const partitions = await cluster.partitions(rig.topic);
    const { partition, replicas } = partitions[rig.random.below(partitions.length)] as (typeof partitions)[0];
    const changed = change(replicas as unknown as Replicas);
    load.fault([partition]);
    await cluster.reassign(rig.topic, partition, changed);
    await cluster.moveLeader(rig.topic, partition, changed[0]);
  }
  await rig.settle();
}
