import type { MetricAttributes } from './metric.js';

/**
 * The series of one metric by their label values. At most `limit` of them: what would exceed that is added to one further
 * series with the attribute `otel.metric.overflow`, as the OpenTelemetry SDK does, so that names which others choose
 * cannot fill the memory.
 */
export class LabelSets<V> {
  readonly #names: readonly string[];
  readonly #limit: number;
  readonly #create: () => V;
  readonly #sets = new Map<string, LabelSet<V>>();
  #overflow: LabelSet<V> | undefined;
  /** Most events have the labels of the one before. */
  #last: { readonly values: readonly string[]; readonly set: LabelSet<V> } | undefined;

  constructor(names: readonly string[], limit: number, create: () => V) {
    this.#names = names;
    this.#limit = limit;
    this.#create = create;
  }

  /** The series with these label values, in the order of the names; a label with an empty value is left out. */
  of(...values: readonly string[]): V {
    if (this.#last !== undefined && isSame(values, this.#last.values)) return this.#last.set.value;
    const set = this.#find(values);
    this.#last = { values, set };
    return set.value;
  }

  /** All series. */
  get all(): readonly LabelSet<V>[] {
    const sets = [...this.#sets.values()];
    return this.#overflow === undefined ? sets : [...sets, this.#overflow];
  }

  #find(values: readonly string[]): LabelSet<V> {
    const key = values.join('\0');
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    if (this.#sets.size >= this.#limit) {
      this.#overflow ??= { attributes: { 'otel.metric.overflow': true }, value: this.#create() };
      return this.#overflow;
    }
    const set = { attributes: attributesOf(this.#names, values), value: this.#create() };
    this.#sets.set(key, set);
    return set;
  }
}

/** One series. */
interface LabelSet<V> {
  readonly attributes: MetricAttributes;
  readonly value: V;
}

/** The attributes that these label values make; an empty value makes none. */
export function attributesOf(names: readonly string[], values: readonly string[]): MetricAttributes {
  return Object.fromEntries(names.flatMap((name, index) => (values[index] ? [[name, values[index]]] : [])));
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
