import { globalTestRunner, type TestRunner } from '../runner/test-runner.js';
import type { BusHarness } from './bus-harness.js';
import { checkHarness } from './check-harness.js';
import { reasonToLeaveOff } from './conformance-test.js';
import { conformanceTests } from './conformance-tests.js';
import { runConformanceTest } from './run-conformance-test.js';

/**
 * Registers the whole conformance suite for a bus with a test runner. What a bus does not promise appears as a skipped
 * test with the reason in its title.
 *
 * @param runner the functions of the test runner. @defaultValue the global ones
 * @throws InvalidOptionsError when the harness leaves something off without a reason, or there is no test runner
 */
export function describeBus(harness: BusHarness, runner: TestRunner = globalTestRunner('describeBus')): void {
  const { describe, it, beforeAll, afterAll } = runner;
  const { skip: leaveOff } = it;
  checkHarness(harness);
  const timeout = 5 * (harness.timeoutMs ?? 10_000);
  describe(`${harness.name} conforms`, () => {
    beforeAll(async () => harness.open?.(), timeout);
    afterAll(async () => harness.close?.(), timeout);
    const suites = new Set(conformanceTests.map(({ suite }) => suite));
    for (const suite of suites) {
      describe(suite, () => {
        for (const test of conformanceTests.filter((one) => one.suite === suite)) {
          const reason = reasonToLeaveOff(test, harness);
          if (reason === undefined) it(test.name, () => runConformanceTest(test, harness), timeout);
          else leaveOff(`${test.name} (left off: ${reason})`, () => {});
        }
      });
    }
  });
}
