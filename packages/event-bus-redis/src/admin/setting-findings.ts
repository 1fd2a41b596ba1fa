import { type Environment, type Finding, nearestName } from '@openedx-ts/events-core';
import { ok, problem, warning } from './finding.js';

const PREFIX = 'EVENT_BUS_REDIS_';

/** What this bus makes of each of its variables that is set; an empty one counts as not set. */
export function settingFindings(env: Environment): readonly Finding[] {
  const given = Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && env[name])
    .sort();
  const findings = given.map((name) => settingFinding(name, env[name] as string));
  if (env.EVENT_BUS_REDIS_CONNECTION_URL) return findings;
  const missing = problem(
    'settings',
    'EVENT_BUS_REDIS_CONNECTION_URL is not set',
    'set it to the URL of Redis, such as redis://localhost:6379/0',
  );
  return [...findings, missing];
}

function settingFinding(name: string, value: string): Finding {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule !== undefined) return rule(name, value);
  const nearest = nearestName(name, Object.keys(rules));
  const cure =
    nearest === undefined ? 'remove it, or see the settings in the README' : `did you mean ${nearest}?`;
  return warning('settings', `${name} is no setting of this bus`, cure);
}

type SettingRule = (name: string, value: string) => Finding;

const rules: Readonly<Record<string, SettingRule>> = {
  EVENT_BUS_REDIS_CONNECTION_URL: (name) => ok('settings', `${name} is understood`),
  EVENT_BUS_REDIS_STREAM_MAX_LEN: (name, value) => {
    if (!/^\d+$/.test(value)) return malformed(name, 'a whole number, such as 10000, or 0 for no trimming');
    return ok('settings', `${name} is understood: ${value === '0' ? 'streams are not trimmed' : value}`);
  },
  EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT: (name, value) =>
    Number(value) > 0
      ? ok('settings', `${name} is understood: ${Number(value)} s`)
      : malformed(name, 'a number of seconds above 0'),
  EVENT_BUS_REDIS_CONSUMER_POLL_FAILURE_SLEEP: pythonOnly('waits between tries grow by themselves here'),
  EVENT_BUS_REDIS_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: pythonOnly(
    'a consumer waits out an outage here, and ends only as onFailure and unknownType say',
  ),
  EVENT_BUS_REDIS_AUDIT_LOGGING_ENABLED: pythonOnly(
    'logging is what your logger and telemetry make of it here',
  ),
  EVENT_BUS_REDIS_CONSUMERS_ENABLED: (name, value) =>
    /^(?:0|false|no|off)$/i.test(value)
      ? warning(
          'settings',
          `${name} stops Python consumers alone: here consumers run when your code runs them`,
          'do not start the consumers that must not run',
        )
      : ok('settings', `${name} is for Python alone`),
};

function pythonOnly(why: string): SettingRule {
  return (name) => ok('settings', `${name} is for Python alone: ${why}`);
}

function malformed(name: string, expected: string): Finding {
  return problem('settings', `${name} is malformed`, `set it to ${expected}`);
}
