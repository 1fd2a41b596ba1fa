import { type Environment, type Finding, InvalidOptionsError, nearestName } from '@openedx-ts/events-core';
import { redisConsumerSettings } from '../redis-settings.js';
import { ok, problem, warning } from './finding.js';

const PREFIX = 'EVENT_BUS_REDIS_';

/** What this bus makes of each of its variables that is set; an empty one counts as not set. */
export function settingFindings(env: Environment): readonly Finding[] {
  const malformed = malformedSettings(env);
  const findings = Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && env[name]?.trim())
    .sort()
    .map((name) => settingFinding(name, (env[name] as string).trim(), malformed.get(name)));
  if (env.EVENT_BUS_REDIS_CONNECTION_URL) return findings;
  const missing = problem(
    'settings',
    'EVENT_BUS_REDIS_CONNECTION_URL is not set',
    'set it to the URL of Redis, such as redis://localhost:6379/0',
  );
  return [...findings, missing];
}

function settingFinding(name: string, value: string, trouble: string | undefined): Finding {
  const effect = Object.hasOwn(effects, name) ? effects[name] : undefined;
  if (effect === undefined) {
    const nearest = nearestName(name, Object.keys(effects));
    const cure =
      nearest === undefined ? 'remove it, or see the settings in the README' : `did you mean ${nearest}?`;
    return warning('settings', `${name} is no setting of this bus`, cure);
  }
  if (trouble !== undefined) return problem('settings', `${name} is malformed`, `it ${trouble}`);
  if (name === ENABLED && /^(?:false|0)$/i.test(value))
    return warning('settings', `${name} is off: consumers of this bus do not run`, 'set it to true');
  return ok('settings', `${name} is understood: ${effect(value)}`);
}

const ENABLED = 'EVENT_BUS_REDIS_CONSUMERS_ENABLED';

/** What a well-formed value does. */
const effects: Readonly<Record<string, (value: string) => string>> = {
  EVENT_BUS_REDIS_CONNECTION_URL: () => 'where Redis is', // the value may hold a password
  EVENT_BUS_REDIS_STREAM_MAX_LEN: (value) =>
    Number(value) === 0 ? 'streams are not trimmed' : `streams keep about ${Number(value)} events`,
  EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT: (value) => `a read waits up to ${Number(value)} s for events`,
  EVENT_BUS_REDIS_CONSUMER_POLL_FAILURE_SLEEP: (value) =>
    `the first wait between tries is ${Number(value)} s, and grows`,
  EVENT_BUS_REDIS_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: (value) =>
    Number(value) === 0
      ? 'consumers go on, however many events fail'
      : `consumers end after ${Number(value)} failed events in a row`,
  EVENT_BUS_REDIS_ALLOW_INSECURE: () => 'whether a password may be sent to another machine without TLS',
  EVENT_BUS_REDIS_AUDIT_LOGGING_ENABLED: () => 'whether each event is logged',
  [ENABLED]: () => 'consumers run',
};

/** What is wrong with settings, by their names. */
function malformedSettings(env: Environment): ReadonlyMap<string, string> {
  try {
    redisConsumerSettings(env);
    return new Map();
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    return new Map(error.issues.map(({ path, message }) => [path, message]));
  }
}
