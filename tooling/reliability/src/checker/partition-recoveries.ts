import type { Moment } from '../journal/journal-line.js';

/** How long partitions accepted no event that was sent after a fault: the longest time of all faults, in milliseconds. */
export interface PartitionPauses {
  /** Of partitions that the fault affects; null: none was affected. */
  readonly affectedMs: number | null;
  /** Of the others. */
  readonly othersMs: number | null;
  /** Of affected ones, from the moment on when every node that runs knew their leaders; where a scenario looks for that. */
  readonly afterElectionMs?: number;
}

/** A fault of a cluster, and the partitions that it affects. */
export interface PartitionFault {
  readonly at: Moment;
  readonly affected: ReadonlySet<number>;
  /** Partitions that cannot go on, and are not measured. */
  readonly stopped: ReadonlySet<number>;
  /** When each partition first accepted an event that was sent after the fault. */
  readonly acceptedAt: Map<number, Moment>;
  /** When all affected partitions had leaders again. */
  electedAt?: Moment;
}

/**
 * Measures how long after a fault each partition accepts an event that was sent after it. A partition to which none was
 * sent before the next fault is left out.
 */
export class PartitionRecoveries {
  readonly #faults: PartitionFault[] = [];

  /** Notes a fault; what is sent from now on counts for it, until the next one. */
  fault(at: Moment, affected: Iterable<number>, stopped: Iterable<number> = []): PartitionFault {
    const fault = {
      at,
      affected: new Set(affected),
      stopped: new Set(stopped),
      acceptedAt: new Map<number, Moment>(),
    };
    this.#faults.push(fault);
    return fault;
  }

  /** Counts an event that was accepted at a position `<partition>:<offset>`. */
  accepted(position: string, sentAt: Moment, at: Moment): void {
    const fault = this.#faults.findLast((one) => one.at <= sentAt);
    if (fault === undefined) return;
    const partition = Number(position.split(':')[0]);
    // Journals are read one after the other.
    fault.acceptedAt.set(partition, Math.min(at, fault.acceptedAt.get(partition) ?? at));
  }

  /** Whether all partitions that a fault affects have accepted an event that was sent after it. */
  areBack({ affected, acceptedAt }: PartitionFault): boolean {
    return [...affected].every((partition) => acceptedAt.has(partition));
  }

  /** The longest pauses so far. */
  get pauses(): PartitionPauses {
    const pauses = this.#faults.flatMap(({ at, affected, stopped, acceptedAt }) =>
      [...acceptedAt]
        .filter(([partition]) => !stopped.has(partition))
        .map(([partition, backAt]) => ({ isAffected: affected.has(partition), ms: backAt - at })),
    );
    const longest = (isAffected: boolean) => {
      const ofThese = pauses.filter((pause) => pause.isAffected === isAffected).map(({ ms }) => ms);
      return ofThese.length === 0 ? null : Math.round(Math.max(...ofThese));
    };
    const elected = this.#faults.flatMap(({ affected, acceptedAt, electedAt }) =>
      electedAt === undefined
        ? []
        : [...affected].map((partition) => (acceptedAt.get(partition) ?? electedAt) - electedAt),
    );
    return {
      affectedMs: longest(true),
      othersMs: longest(false),
      ...(elected.length === 0 ? {} : { afterElectionMs: Math.round(Math.max(0, ...elected)) }),
    };
  }
}
