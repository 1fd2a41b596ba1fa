import { afterAll, beforeAll, describe, it } from 'vitest';
import type { OutboxStoreHarness } from './outbox-store-harness.js';
import { runStoreTest } from './run-store-test.js';
import { reasonToLeaveOffStoreTest } from './store-test.js';
import { storeTests } from './store-tests.js';

/**
 * Registers the conformance suite of the outbox's stores for one store with vitest. What the database cannot do appears as
 * a skipped test with the reason in its title.
 */
export function describeOutboxStore(harness: OutboxStoreHarness): void {
  const timeout = 5 * (harness.timeoutMs ?? 20_000);
  describe(`${harness.name} conforms`, () => {
    beforeAll(async () => {
      await harness.open?.();
      await harness.store.migrate(harness.database());
    }, timeout);
    afterAll(() => harness.close?.(), timeout);
    for (const suite of new Set(storeTests.map((test) => test.suite))) {
      describe(suite, () => {
        for (const test of storeTests.filter((one) => one.suite === suite)) {
          const reason = reasonToLeaveOffStoreTest(test, harness);
          if (reason === undefined) it(test.name, { timeout }, () => runStoreTest(test, harness));
          else it(`${test.name} (left off: ${reason})`, { skip: true }, () => {});
        }
      });
    }
  });
}
