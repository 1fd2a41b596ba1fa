import type { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { Finding } from './event-bus-admin.js';
import { problemFinding } from './findings.js';

/**
 * Adds the finding of settings that are refused although each is well-formed by itself, in place of what calls them
 * understood. Adds nothing when `found` reports a problem already: that is the cause.
 *
 * @param error names settings in place of options (`settingsError`)
 * @param prefix of the bus's variables, e.g. `EVENT_BUS_KAFKA_`
 * @param found the findings of the settings (`busSettingFindings`)
 * @returns all findings of the settings
 */
export function invalidOptionsFindings(
  { issues }: InvalidOptionsError,
  prefix: string,
  found: readonly Finding[],
): readonly Finding[] {
  if (found.some(({ verdict }) => verdict === 'problem')) return found;
  const isRefused = ({ verdict, message }: Finding) =>
    verdict === 'ok' && issues.some(({ path }) => message.startsWith(`${path} `));
  const message = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
  const problem = problemFinding('settings', message, `correct the ${prefix}… variables`);
  return [...found.filter((finding) => !isRefused(finding)), problem];
}
