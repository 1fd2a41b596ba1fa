import { globalTestRunner, type TestRunner } from '../runner/test-runner.js';
import type { OutboxStoreHarness } from './outbox-store-harness.js';
import { runStoreTest } from './run-store-test.js';
import { reasonToLeaveOffStoreTest } from './store-test.js';
import { storeTests } from './store-tests.js';

/**
 * Registers the conformance suite of the outbox's stores for one store with a test runner. What the database cannot do
 * appears as a skipped test with the reason in its title.
 *
 * @param runner the functions of the test runner. @defaultValue the global ones
 * @throws InvalidOptionsError when there is no test runner
 */
export function describeOutboxStore(
  harness: OutboxStoreHarness,
  runner: TestRunner = globalTestRunner('describeOutboxStore'),
): void {
  const { describe, it, beforeAll, afterAll } = runner;
  const { skip: leaveOff } = it;
  const timeout = 5 * (harness.timeoutMs ?? 20_000);
  describe(`${harness.name} conforms`, () => {
    beforeAll(async () => {
      await harness.open?.();
      await harness.store.migrate(harness.database());
    }, timeout);
    afterAll(async () => harness.close?.(), timeout);
    for (const suite of new Set(storeTests.map((test) => test.suite))) {
      describe(suite, () => {
        for (const test of storeTests.filter((one) => one.suite === suite)) {
          const reason = reasonToLeaveOffStoreTest(test, harness);
          if (reason === undefined) it(test.name, () => runStoreTest(test, harness), timeout);
          else leaveOff(`${test.name} (left off: ${reason})`, () => {});
        }
      });
    }
  });
}
