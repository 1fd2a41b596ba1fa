import type { KafkaCluster } from '@openedx-ts/brokers';
import { type PartitionFault, PartitionRecoveries } from '../checker/partition-recoveries.js';
import { now } from '../journal/journal-line.js';
import type { BusProcess } from '../processes/bus-process.js';
import type { Rig } from '../rig.js';

/** Two producers and two members on a Kafka cluster, and the pauses of its partitions after faults. */
export class KafkaClusterLoad {
  readonly cluster: KafkaCluster;
  readonly #rig: Rig;
  readonly #recoveries = new PartitionRecoveries();
  readonly #producers: readonly BusProcess[];

  /** Starts them. `inFlight` must leave room for sends to other partitions while some have no leader. */
  constructor(
    rig: Rig,
    load: { readonly events: number; readonly perSecond: number; readonly inFlight?: number },
  ) {
    const { kafkaCluster } = rig.broker;
    if (kafkaCluster === undefined) throw new Error('this broker is no Kafka cluster');
    this.cluster = kafkaCluster;
    this.#rig = rig;
    rig.ledger.partitions = this.#recoveries;
    const options = rig.broker.consumerOptions({ takeOverMs: 6_000 });
    rig.startConsumer(options);
    rig.startConsumer(options);
    this.#producers = rig.startProducers(2, load);
  }

  /** Whether nothing is sent any more. */
  get isOver(): boolean {
    return this.#producers.every(({ end }) => end !== undefined);
  }

  /** Resolves when so many events were accepted, or all were sent. */
  untilAccepted(count: number): Promise<void> {
    return this.#rig.until(() => this.isOver || this.#rig.ledger.accepted >= count);
  }

  /** Notes that a fault is done now, which partitions it affects, and which it stops. */
  fault(affected: Iterable<number>, stopped: Iterable<number> = []): PartitionFault {
    const at = now();
    this.#rig.faultsAt.push(at);
    return this.#recoveries.fault(at, affected, stopped);
  }

  /** Resolves when the partitions that a fault affects accept events again, or all were sent. */
  untilBack(fault: PartitionFault): Promise<void> {
    return this.#rig.until(() => this.isOver || this.#recoveries.areBack(fault));
  }
}
