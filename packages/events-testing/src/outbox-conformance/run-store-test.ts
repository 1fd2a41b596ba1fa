import type { OutboxStoreHarness } from './outbox-store-harness.js';
import { StoreBench } from './store-bench.js';
import type { StoreTest } from './store-test.js';

/** Runs one test of the suite on a store whose harness is open and whose tables exist; rejects with what the store does wrong. */
export async function runStoreTest(test: StoreTest, harness: OutboxStoreHarness): Promise<void> {
  const bench = new StoreBench(harness);
  try {
    await test.run(bench);
  } finally {
    await bench.close();
  }
}
