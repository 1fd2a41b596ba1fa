import { onTestFailed } from 'vitest';
import { type IsolatedSignals, type IsolateOptions, isolateSignals as isolate } from '../isolate-signals.js';

/**
 * As `isolateSignals` of `events-testing`, and prints the warnings and errors of the scope when the test fails. Call it in
 * a test or in `beforeEach`.
 *
 * @throws UnknownSignalError for an event type that is not loaded
 * @throws Error of vitest when no test is running
 */
export function isolateSignals(options: IsolateOptions = {}): IsolatedSignals {
  let scope: IsolatedSignals | undefined;
  onTestFailed(() => scope?.printLog());
  scope = isolate(options);
  return scope;
}
