import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conformanceTests, describeBus, memoryHarness } from '../conformance/index.js';
import type { TestRunner } from './test-runner.js';

/** Registers at once, and remembers what. */
function recordingRunner() {
  const tests: string[] = [];
  const skipped: string[] = [];
  const it = Object.assign((name: string) => tests.push(name), {
    skip: (name: string) => skipped.push(name),
  });
  const runner: TestRunner = {
    describe: (_name, body) => body(),
    it,
    beforeAll: () => {},
    afterAll: () => {},
  };
  return { runner, tests, skipped };
}

const sources = join(import.meta.dirname, '..');

describe('the sources', () => {
  it('import vitest in the entry point for vitest only', () => {
    const importing = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(
      (file) =>
        file.endsWith('.ts') &&
        !/\.test(-d|-support)?\.ts$/.test(file) &&
        /^(import|export) .*from 'vitest'/m.test(readFileSync(join(sources, file), 'utf8')),
    );
    expect(importing).toEqual([join('vitest', 'isolate-signals.ts')]);
  });
});

describe('a suite', () => {
  it('is registered with whatever test runner is given', () => {
    const { runner, tests, skipped } = recordingRunner();
    describeBus(memoryHarness(), runner);
    expect(tests.length + skipped.length).toBe(conformanceTests.length);
    expect(tests).toContain(conformanceTests[0]?.name);
  });

  it('asks for a test runner where there are no global functions', () => {
    expect(() => describeBus(memoryHarness())).toThrow(/import \* as vitest from 'vitest'/);
  });
});
