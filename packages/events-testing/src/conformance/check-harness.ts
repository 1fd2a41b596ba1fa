import { InvalidOptionsError, type Issue } from '@openedx-ts/events-core';
import { type BusHarness, capabilities } from './bus-harness.js';
import { isMissing } from './missing.js';

/**
 * Refuses a harness that would leave tests off without saying so.
 *
 * @throws InvalidOptionsError with every issue
 */
export function checkHarness(harness: BusHarness): void {
  const issues: Issue[] = [];
  const declared: Readonly<Record<string, unknown>> = harness.capabilities;
  for (const name of Object.keys(declared)) {
    if (!(capabilities as readonly string[]).includes(name))
      issues.push({ path: `capabilities.${name}`, message: 'is no capability' });
  }
  const answers: (readonly [string, unknown, boolean])[] = [
    ...capabilities.map((name) => [`capabilities.${name}`, declared[name], declared[name] === true] as const),
    ['crashConsumer', harness.crashConsumer, typeof harness.crashConsumer === 'function'],
    ['createAdmin', harness.createAdmin, typeof harness.createAdmin === 'function'],
    ['outage', harness.outage, typeof harness.outage === 'object' && 'stop' in harness.outage],
  ];
  for (const [path, value, isThere] of answers) {
    if (isThere || (isMissing(value) && value.missing.trim() !== '')) continue;
    issues.push({ path, message: 'must be there, or be { missing } with the reason' });
  }
  if (issues.length > 0) throw new InvalidOptionsError(`harness ${harness.name}`, issues);
}
