import {
  InvalidDataError,
  type Issue,
  type OpenEdxPublicSignal,
  type PayloadFields,
} from '@openedx-ts/events-core';
import { checkOf, type FieldsInput } from '@openedx-ts/events-core/bus';
import type { PartialData } from './partial-data.js';
import { sampleWith } from './sample-of.js';
import { seededRandom } from './seeded-random.js';

/** Makes up data of one signal. */
export interface EventFactory<F extends PayloadFields = PayloadFields> {
  /**
   * Data that may be sent; what is not given is made up. Giving a field changes no other.
   *
   * @throws InvalidDataError when what is given does not fit, with the path of every issue
   * @throws NoSampleError when a field whose custom type has no `sample` is not given
   */
  build(overrides?: PartialData<F>): FieldsInput<F>;
  /** So many, each different by chance. */
  buildMany(count: number, overrides?: PartialData<F>): readonly FieldsInput<F>[];
}

/** How data is made up. */
export interface EventFactoryOptions {
  /** The same seed gives the same data in the same order. @defaultValue 1 */
  readonly seed?: number;
}

/** A factory of data for tests, from the shape of a signal: deterministic, and valid without further thought. */
export function eventFactory<F extends PayloadFields>(
  signal: OpenEdxPublicSignal<F>,
  options: EventFactoryOptions = {},
): EventFactory<F> {
  const seeds = seededRandom(options.seed ?? 1);
  const check = checkOf(signal.shape);
  const build = (overrides?: PartialData<F>): FieldsInput<F> => {
    const data = sampleWith(signal.shape, seededRandom(seeds() * 2 ** 32), overrides);
    const issues: Issue[] = [];
    check(data, issues);
    if (issues.length > 0) throw new InvalidDataError(signal.eventType, issues);
    return data as FieldsInput<F>;
  };
  return {
    build,
    buildMany: (count, overrides) => Array.from({ length: count }, () => build(overrides)),
  };
}
