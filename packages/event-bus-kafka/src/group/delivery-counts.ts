import { EXCLUSIVE_FROM_DELIVERY } from '@openedx-ts/events-core/bus';

/**
 * How often events were begun before, as a group's commit keeps it in its metadata: Kafka itself does not count. In
 * `begun/1 3+1 2+94` the event at the offset of the commit was begun three times, and those at the next 94 offsets twice.
 */
export class DeliveryCounts {
  static readonly none = new DeliveryCounts([]);
  readonly #runs: readonly Run[];

  private constructor(runs: readonly Run[]) {
    this.#runs = runs;
  }

  /** Reads the metadata of a commit at an offset; what is not ours says nothing. */
  static of(metadata: string | null, offset: number): DeliveryCounts {
    const [format, ...texts] = (metadata ?? '').split(' ');
    if (format !== FORMAT) return DeliveryCounts.none;
    const runs: Run[] = [];
    let until = offset;
    for (const text of texts.slice(0, MAX_RUNS)) {
      const [, count, length] = /^(\d{1,6})\+(\d{1,15})$/.exec(text) ?? [];
      if (count === undefined) return DeliveryCounts.none;
      until += Number(length);
      runs.push({ until, count: Number(count) });
    }
    return new DeliveryCounts(runs);
  }

  /** How often the event at an offset was begun. */
  at(offset: number): number {
    return this.#runs.find(({ until }) => offset < until)?.count ?? 0;
  }

  /** With everything before an offset begun once more beside others, which counts for the first two times. */
  onceMore(before: number): DeliveryCounts {
    return this.#raised(0, before, (count) =>
      Math.max(count, Math.min(count + 1, EXCLUSIVE_FROM_DELIVERY - 1)),
    );
  }

  /** With the event at an offset begun once more, alone. */
  onceMoreAlone(offset: number): DeliveryCounts {
    return this.#raised(offset, offset + 1, (count) => count + 1);
  }

  /** The metadata of a commit at an offset; null when there is nothing to say. */
  textAt(offset: number): string | null {
    const texts: string[] = [];
    let from = offset;
    for (const [index, { until, count }] of this.#runs.entries()) {
      if (until <= from || this.#runs[index + 1]?.count === count) continue; // the next run goes on with it
      texts.push(`${count}+${until - from}`);
      from = until;
    }
    return texts.length === 0 ? null : [FORMAT, ...texts.slice(0, MAX_RUNS)].join(' ');
  }

  #raised(from: number, until: number, raise: (count: number) => number): DeliveryCounts {
    const ends = [...this.#runs.map((run) => run.until), from, until].filter((end) => end > 0);
    const last = Math.max(until, this.#runs.at(-1)?.until ?? 0);
    const runs: Run[] = [];
    for (const end of new Set(ends.sort((one, other) => one - other))) {
      if (end > last) break;
      const count = this.at(end - 1);
      runs.push({ until: end, count: end > from && end <= until ? raise(count) : count });
    }
    return new DeliveryCounts(runs);
  }
}

/** Those from the end of the run before it on. */
interface Run {
  readonly until: number;
  readonly count: number;
}

const FORMAT = 'begun/1';
/** Few of Kafka's 4,096 bytes. */
const MAX_RUNS = 20;
