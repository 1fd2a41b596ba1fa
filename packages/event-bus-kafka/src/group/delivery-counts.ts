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

  /** With everything before an offset begun once more. */
  onceMore(before: number): DeliveryCounts {
    const runs: Run[] = [];
    let from = 0;
    for (const run of this.#runs) {
      if (run.until <= before) runs.push({ until: run.until, count: run.count + 1 });
      else {
        if (from < before) runs.push({ until: before, count: run.count + 1 });
        runs.push(run);
      }
      from = run.until;
    }
    if (from < before) runs.push({ until: before, count: 1 });
    return new DeliveryCounts(runs);
  }

  /** The metadata of a commit at an offset; null when there is nothing to say. */
  textAt(offset: number): string | null {
    const texts: string[] = [];
    let from = offset;
    for (const { until, count } of this.#runs) {
      if (until <= from) continue;
      texts.push(`${count}+${until - from}`);
      from = until;
    }
    return texts.length === 0 ? null : [FORMAT, ...texts.slice(0, MAX_RUNS)].join(' ');
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
