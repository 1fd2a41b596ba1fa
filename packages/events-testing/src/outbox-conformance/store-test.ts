import { isMissing } from '../conformance/missing.js';
import type { OutboxStoreHarness } from './outbox-store-harness.js';
import type { StoreBench } from './store-bench.js';

/** One rule for stores of the outbox. */
export interface StoreTest {
  readonly suite: StoreSuiteName;
  /** A sentence that is true of a store that passes. */
  readonly name: string;
  /** A schedule of several transactions that are open at once. */
  readonly needs?: 'connect';
  readonly run: (bench: StoreBench) => Promise<void>;
}

/** The suites, in the order in which they run. */
export type StoreSuiteName =
  | 'tables'
  | 'order of commits'
  | 'append'
  | 'read'
  | 'remove'
  | 'parked entries'
  | 'lease and status';

/** The tests of one suite. */
export function storeSuite(
  suite: StoreSuiteName,
  tests: readonly Omit<StoreTest, 'suite'>[],
): readonly StoreTest[] {
  return tests.map((test) => Object.freeze({ suite, ...test }));
}

/** Why a test is left off for a store; undefined when it runs. */
export function reasonToLeaveOffStoreTest(
  { needs }: Pick<StoreTest, 'needs'>,
  harness: OutboxStoreHarness,
): string | undefined {
  const has = needs === undefined ? undefined : harness[needs];
  return isMissing(has) ? `${needs}: ${has.missing}` : undefined;
}
