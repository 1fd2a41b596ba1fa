import { runtime } from '../runtime/runtime.js';
import { attributesOf } from './label-sets.js';
import type { Metric, MetricAttributes, MetricDefinition } from './metric.js';

/**
 * Values that were measured, by label set. One that is not measured again within a minute ends: its lane belongs to
 * another member, or the relay stands by. What exceeds the limit is left out: values of several lanes make no sum.
 */
export class Gauges {
  readonly #definition: MetricDefinition;
  readonly #names: readonly string[];
  readonly #limit: number;
  readonly #series = new Map<string, Measured>();

  constructor(definition: MetricDefinition, names: readonly string[], limit: number) {
    this.#definition = definition;
    this.#names = names;
    this.#limit = limit;
  }

  /** @param value null where it is not known, or there is none any more */
  set(value: number | null, ...values: readonly string[]): void {
    const key = values.join('\0');
    if (value === null) {
      this.#series.delete(key);
      return;
    }
    const known = this.#series.get(key);
    if (known === undefined && this.#series.size >= this.#limit) return;
    const attributes = known?.attributes ?? attributesOf(this.#names, values);
    this.#series.set(key, { attributes, value, measuredAt: runtime().clock.monotonic() });
  }

  collect(): Metric {
    const oldest = runtime().clock.monotonic() - EXPIRES_AFTER_MS;
    for (const [key, { measuredAt }] of this.#series) if (measuredAt < oldest) this.#series.delete(key);
    const series = Array.from(this.#series.values(), ({ attributes, value }) => ({ attributes, value }));
    return { ...this.#definition, kind: 'gauge', series };
  }
}

interface Measured {
  readonly attributes: MetricAttributes;
  readonly value: number;
  readonly measuredAt: number;
}

/** Six times what the buses and the relay let pass between two measurements. */
const EXPIRES_AFTER_MS = 60_000;
