import { afterAll, describe, expect, it } from 'vitest';
import type { ConformanceTest } from '../conformance-test.js';
import { conformanceTests } from '../conformance-tests.js';
import { runConformanceTest } from '../run-conformance-test.js';
import { brokenBuses } from './broken-buses.js';
import { lanedMemoryBus } from './laned-memory-bus.js';

const buses = brokenBuses();

describe.for(buses)('a bus that $name', ({ harness, caughtBy }) => {
  afterAll(() => harness.close?.());

  // What is broken may need more to come at once than a busy machine brings at the first try.
  it.for(caughtBy)('fails: %s', { retry: 3 }, async (name) => {
    await expect(runConformanceTest(testNamed(name), harness)).rejects.toThrow();
  });
});

describe('lanedMemoryBus', () => {
  it('passes the test of lanes when nothing is wrong with it', async () => {
    const harness = lanedMemoryBus('nothing');
    for (const test of conformanceTests)
      if ([test.needs].flat().includes('laneOutage')) await runConformanceTest(test, harness);
  });
});

describe('conformanceTests', () => {
  it('have different titles', () => {
    const names = conformanceTests.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('each catch a broken bus', () => {
    const caught = new Set(buses.flatMap(({ caughtBy }) => caughtBy));
    expect(conformanceTests.map(({ name }) => name).filter((name) => !caught.has(name))).toEqual([]);
  });
});

function testNamed(name: string): ConformanceTest {
  const test = conformanceTests.find((one) => one.name === name);
  if (test === undefined) throw new Error(`there is no test "${name}"`);
  return test;
}
