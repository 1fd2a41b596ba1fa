import { afterAll, beforeAll, describe, it } from 'vitest';
import type { BusHarness } from './bus-harness.js';
import { checkHarness } from './check-harness.js';
import { reasonToLeaveOff } from './conformance-test.js';
import { conformanceTests } from './conformance-tests.js';
import { runConformanceTest } from './run-conformance-test.js';

/**
 * Registers the whole conformance suite for a bus with vitest. What a bus does not promise appears as a skipped test
 * with the reason in its title.
 *
 * @throws InvalidOptionsError when the harness leaves something off without a reason
 */
export function describeBus(harness: BusHarness): void {
  checkHarness(harness);
  const timeout = 5 * (harness.timeoutMs ?? 10_000);
  describe(`${harness.name} conforms`, () => {
    beforeAll(() => harness.open?.(), timeout);
    afterAll(() => harness.close?.(), timeout);
    const suites = new Set(conformanceTests.map(({ suite }) => suite));
    for (const suite of suites) {
      describe(suite, () => {
        for (const test of conformanceTests.filter((one) => one.suite === suite)) {
          const reason = reasonToLeaveOff(test, harness);
          if (reason === undefined) it(test.name, { timeout }, () => runConformanceTest(test, harness));
          else it(`${test.name} (left off: ${reason})`, { skip: true }, () => {});
        }
      });
    }
  });
}
