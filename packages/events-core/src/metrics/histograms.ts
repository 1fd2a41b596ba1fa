import { LabelSets } from './label-sets.js';
import type { HistogramValue, Metric, MetricAttributes, MetricDefinition } from './metric.js';

/** Durations of one kind, summed into buckets by label set. */
export class Histograms {
  readonly #definition: MetricDefinition;
  readonly #sets: LabelSets<Buckets>;

  constructor(definition: MetricDefinition, names: readonly string[], limit: number) {
    this.#definition = definition;
    this.#sets = new LabelSets(names, limit, () => new Buckets());
  }

  record(durationMs: number, ...values: readonly string[]): void {
    this.#sets.of(...values).add(durationMs / 1_000);
  }

  collect(): Metric {
    const series = this.#sets.all.map(({ attributes, value }) => ({ attributes, value: value.read() }));
    return { ...this.#definition, kind: 'histogram', series };
  }

  /** How many durations each label set has. */
  get counts(): readonly { readonly attributes: MetricAttributes; readonly value: number }[] {
    return this.#sets.all.map(({ attributes, value }) => ({ attributes, value: value.count }));
  }
}

/** The boundaries that the conventions recommend for durations of messaging, in seconds. */
const boundaries: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

class Buckets {
  readonly #counts: number[] = new Array(boundaries.length + 1).fill(0);
  #sum = 0;
  count = 0;

  add(value: number): void {
    let bucket = 0;
    while (bucket < boundaries.length && value > (boundaries[bucket] as number)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#sum += value;
    this.count += 1;
  }

  read(): HistogramValue {
    return { boundaries, counts: [...this.#counts], sum: this.#sum, count: this.count };
  }
}
