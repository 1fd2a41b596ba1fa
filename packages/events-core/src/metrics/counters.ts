import { LabelSets } from './label-sets.js';
import type { Metric, MetricDefinition } from './metric.js';

/** A count by label set, which only grows. */
export class Counters {
  readonly #definition: MetricDefinition;
  readonly #sets: LabelSets<{ value: number }>;

  constructor(definition: MetricDefinition, names: readonly string[], limit: number) {
    this.#definition = definition;
    this.#sets = new LabelSets(names, limit, () => ({ value: 0 }));
  }

  add(count: number, ...values: readonly string[]): void {
    this.#sets.of(...values).value += count;
  }

  collect(): Metric & { readonly kind: 'counter' | 'gauge' } {
    const series = this.#sets.all.map(({ attributes, value: { value } }) => ({ attributes, value }));
    return { ...this.#definition, kind: 'counter', series };
  }
}
