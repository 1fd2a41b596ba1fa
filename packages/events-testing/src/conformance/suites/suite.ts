import type { ConformanceTest, SuiteName } from '../conformance-test.js';

/** The tests of one suite. */
export function suite(
  name: SuiteName,
  tests: readonly Omit<ConformanceTest, 'suite'>[],
): readonly ConformanceTest[] {
  return tests.map((test) => Object.freeze({ suite: name, ...test }));
}
