import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { nearestName } from '../errors/nearest-name.js';
import type { Environment } from '../runtime/environment.js';
import type { Finding } from './event-bus-admin.js';
import { okFinding, problemFinding, warningFinding } from './findings.js';

/** What a bus makes of its environment variables. */
export interface EffectiveBusSettings {
  /** How the names of all of them begin, e.g. `EVENT_BUS_KAFKA_`. */
  readonly prefix: string;
  /**
   * What each does, by name, given a well-formed value. Must not show a value that may be secret. Variables that every bus
   * has, such as `…CONSUMERS_ENABLED`, are described here already.
   */
  readonly effects: Readonly<Record<string, (value: string) => string>>;
  /** Those without which the bus cannot work, and what to set them to. */
  readonly required: Readonly<Record<string, string>>;
  /**
   * Reads them all.
   *
   * @throws InvalidOptionsError naming those that are malformed
   */
  readonly read: (env: Environment) => unknown;
}

/** What a bus makes of each of its variables that is set, for its `diagnose`; an empty one counts as not set. */
export function busSettingFindings(env: Environment, settings: EffectiveBusSettings): readonly Finding[] {
  const issues = issuesOf(env, settings);
  const textOf = (name: string) => env[name]?.trim() ?? '';
  const given = Object.keys(env)
    .filter((name) => name.startsWith(settings.prefix) && textOf(name) !== '')
    .sort();
  const findings = given.map((name) => findingOf(name, textOf(name), issues.get(name), settings));
  for (const [name, message] of issues)
    if (!given.includes(name)) findings.push(problemFinding(SUBJECT, `${name} ${message}`, 'set it'));
  for (const [name, example] of Object.entries(settings.required))
    if (!given.includes(name))
      findings.push(problemFinding(SUBJECT, `${name} is not set`, `set it to ${example}`));
  return findings;
}

const SUBJECT = 'settings';

function findingOf(
  name: string,
  value: string,
  issue: string | undefined,
  settings: EffectiveBusSettings,
): Finding {
  const effects = { ...commonEffects(settings.prefix), ...settings.effects };
  const effect = Object.hasOwn(effects, name) ? effects[name] : undefined;
  if (effect === undefined) {
    const nearest = nearestName(name, Object.keys(effects));
    const cure =
      nearest === undefined ? 'remove it, or see the settings in the README' : `did you mean ${nearest}?`;
    return warningFinding(SUBJECT, `${name} is no setting of this bus`, cure);
  }
  if (issue !== undefined) return problemFinding(SUBJECT, `${name} is malformed`, `it ${issue}`);
  if (name === `${settings.prefix}CONSUMERS_ENABLED` && /^(?:false|0|no|off)$/i.test(value))
    return warningFinding(SUBJECT, `${name} is off: consumers of this bus do not run`, 'set it to true');
  return okFinding(SUBJECT, `${name} is understood: ${effect(value)}`);
}

/** What the variables do that every bus has. */
function commonEffects(prefix: string): EffectiveBusSettings['effects'] {
  return {
    [`${prefix}CONSUMER_POLL_FAILURE_SLEEP`]: (value) => `the first backoff is ${Number(value)} s, and grows`,
    [`${prefix}CONSUMER_CONSECUTIVE_ERRORS_LIMIT`]: (value) =>
      Number(value) === 0
        ? 'consumers continue, however many events fail'
        : `consumers stop after ${Number(value)} failed events in a row`,
    [`${prefix}CONSUMERS_ENABLED`]: () => 'consumers run',
    [`${prefix}AUDIT_LOGGING_ENABLED`]: () => 'whether each event is logged',
  };
}

/** What is wrong with settings, by their names. */
function issuesOf(env: Environment, { read }: EffectiveBusSettings): ReadonlyMap<string, string> {
  try {
    read(env);
    return new Map();
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    return new Map(error.issues.map(({ path, message }) => [path, message]));
  }
}
