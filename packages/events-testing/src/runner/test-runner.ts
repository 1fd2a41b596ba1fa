import { InvalidOptionsError } from '@openedx-ts/events-core';

/**
 * The functions of a test runner with which a suite registers its tests: those of vitest (`import * as vitest from
 * 'vitest'`) or jest as they are; of `node:test` `{ describe, it, beforeAll: before, afterAll: after }`.
 */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: TestFunction;
  readonly beforeAll: HookFunction;
  readonly afterAll: HookFunction;
}

/** Registers a test; the time limit is in milliseconds. */
export interface TestFunction {
  (name: string, body: () => Promise<void>, timeoutMs?: number): unknown;
  readonly skip: (name: string, body: () => void) => unknown;
}

/** Registers what runs once before or after the tests of a `describe`. */
export type HookFunction = (body: () => Promise<void>, timeoutMs?: number) => unknown;

/**
 * The functions that a test runner has put into the global scope, as jest does, and vitest with `globals: true`.
 *
 * @throws InvalidOptionsError when there are none
 */
export function globalTestRunner(of: string): TestRunner {
  const { describe, it, beforeAll, afterAll } = globalThis as unknown as Partial<TestRunner>;
  if (describe !== undefined && it !== undefined && beforeAll !== undefined && afterAll !== undefined)
    return { describe, it, beforeAll, afterAll };
  const message =
    "there are no global test functions: give those of your test runner as second argument, e.g. import * as vitest from 'vitest'";
  throw new InvalidOptionsError(of, [{ path: 'runner', message }]);
}
