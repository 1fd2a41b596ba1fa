import type { Rig } from '../rig.js';
import type { Scenario, ScenarioSize } from '../scenario.js';
import { moments } from './moments.js';

const sizes = {
  test: { events: 4_000, faults: 1 },
  short: { events: 50_000, faults: 5 },
  full: { events: 200_000, faults: 20 },
};

/** The primary is killed while producers send and consumers handle; a replica is promoted. */
export const primaryKills: Scenario = {
  fault: 'F1',
  name: 'primary-kills',
  title:
    'SIGKILL of the primary while two producers send and two members handle, and promotion of a replica; on buses with `-primary` an event counts as accepted before a replica has it',
  buses: ['redis-sentinel', 'redis-cluster', 'redis-sentinel-primary', 'redis-cluster-primary'],
  needsCluster: true,
  sizes,
  run: (rig, size) => failOverAgainAndAgain(rig, size, 'unplanned'),
};

/** Replicas are promoted as for maintenance, while producers send and consumers handle. */
export const plannedFailovers: Scenario = {
  fault: 'F1',
  name: 'planned-failovers',
  title:
    'planned failover (`CLIENT PAUSE … WRITE`, `SENTINEL FAILOVER` and `REPLICAOF`; `CLUSTER FAILOVER`) while two producers send and two members handle',
  buses: ['redis-sentinel-primary', 'redis-cluster-primary'],
  needsCluster: true,
  isPlanned: true,
  sizes,
  run: (rig, size) => failOverAgainAndAgain(rig, size, 'planned'),
};

async function failOverAgainAndAgain(
  rig: Rig,
  size: ScenarioSize,
  kind: 'planned' | 'unplanned',
): Promise<void> {
  const { failover } = rig.broker;
  if (failover === undefined) throw new Error('this broker has no replica to promote');
  const options = rig.broker.consumerOptions({ takeOverMs: 2_000 });
  rig.startConsumer(options);
  rig.startConsumer(options);
  // Slowly enough that they have not ended before the last failover.
  const producers = rig.startProducers(2, { ...size, perSecond: 1_000 });
  const areDone = () => producers.every(({ end }) => end !== undefined);
  for (const count of moments(size, rig.random)) {
    const before = producers.map(({ life }) => rig.ledger.acceptedOf(life));
    const { handled } = rig.ledger;
    await rig.until(
      () =>
        rig.ledger.accepted + rig.ledger.rejected >= count &&
        (areDone() || rig.ledger.handled > handled) &&
        producers.every(
          ({ life, end }, index) => end !== undefined || rig.ledger.acceptedOf(life) > (before[index] ?? 0),
        ),
    );
    await rig.outage(() => failover[kind]());
    await failover.heal();
  }
  await rig.settle();
}
