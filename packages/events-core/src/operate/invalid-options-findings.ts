import type { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { Finding } from './event-bus-admin.js';
import { problemFinding } from './findings.js';

/**
 * Makes the finding of settings that are each well-formed, and refused together. Returns none when `found` reports a
 * problem already: that is the cause.
 *
 * @param prefix of the bus's variables, e.g. `EVENT_BUS_KAFKA_`
 * @param found the findings of the settings (`busSettingFindings`)
 */
export function invalidOptionsFindings(
  { issues }: InvalidOptionsError,
  prefix: string,
  found: readonly Finding[],
): readonly Finding[] {
  if (found.some(({ verdict }) => verdict === 'problem')) return [];
  const message = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
  return [problemFinding('settings', message, `correct the ${prefix}… variables`)];
}
