import { Bench } from './bench.js';
import type { BusHarness } from './bus-harness.js';
import type { ConformanceTest } from './conformance-test.js';

/** Runs one test of the suite on a bus; rejects with what the bus does wrong. */
export async function runConformanceTest(test: ConformanceTest, harness: BusHarness): Promise<void> {
  const bench = new Bench(harness);
  try {
    await test.run(bench);
  } catch (error) {
    await bench.close().catch(() => {}); // the first error is the cause
    throw error;
  }
  await bench.close();
}
