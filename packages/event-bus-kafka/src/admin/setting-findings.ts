import { type Environment, type Finding, InvalidOptionsError, nearestName } from '@openedx-ts/events-core';
import { kafkaConsumerSettings } from '../kafka-settings.js';
import { ok, problem, warning } from './finding.js';

const PREFIX = 'EVENT_BUS_KAFKA_';

/** What this bus makes of each of its variables that is set; an empty one counts as not set. */
export function settingFindings(env: Environment): readonly Finding[] {
  const issues = settingIssues(env);
  const given = Object.keys(env).filter((name) => name.startsWith(PREFIX) && env[name]?.trim());
  const findings = given
    .sort()
    .map((name) => settingFinding(name, (env[name] as string).trim(), issues.get(name)));
  for (const [name, message] of issues)
    if (!given.includes(name)) findings.push(problem('settings', `${name} ${message}`, 'set it'));
  for (const [name, example] of required)
    if (!given.includes(name))
      findings.push(problem('settings', `${name} is not set`, `set it to ${example}`));
  return findings;
}

const required = [
  ['EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS', 'host:port of some brokers, such as localhost:9092'],
  ['EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL', 'the URL of the schema registry, such as http://localhost:8081'],
] as const;

function settingFinding(name: string, value: string, trouble: string | undefined): Finding {
  const effect = Object.hasOwn(effects, name) ? effects[name] : undefined;
  if (effect === undefined) {
    const nearest = nearestName(name, Object.keys(effects));
    const cure =
      nearest === undefined ? 'remove it, or see the settings in the README' : `did you mean ${nearest}?`;
    return warning('settings', `${name} is no setting of this bus`, cure);
  }
  if (trouble !== undefined) return problem('settings', `${name} is malformed`, `it ${trouble}`);
  if (name === ENABLED && /^(?:false|0|no|off)$/i.test(value))
    return warning('settings', `${name} is off: consumers of this bus do not run`, 'set it to true');
  return ok('settings', `${name} is understood: ${effect(value)}`);
}

const ENABLED = 'EVENT_BUS_KAFKA_CONSUMERS_ENABLED';

/** What a well-formed value does. Values are shown where they cannot be secret. */
const effects: Readonly<Record<string, (value: string) => string>> = {
  EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: () => 'where Kafka is',
  EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: () => 'where schemas are',
  EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY: () => 'who we are to the registry',
  EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_SECRET: () => 'who we are to the registry',
  EVENT_BUS_KAFKA_SCHEMA_REGISTRY_TLS_CA: () => 'whom to trust as the registry',
  EVENT_BUS_KAFKA_SCHEMA_REGISTRY_AUTO_REGISTER: () => 'whether schemas are registered that are not there',
  EVENT_BUS_KAFKA_SCHEMA_REGISTRY_CACHE_DIRECTORY: () =>
    'where schemas are kept for when the registry is away',
  EVENT_BUS_KAFKA_API_KEY: () => 'the user of the login; with it TLS is on',
  EVENT_BUS_KAFKA_API_SECRET: () => 'the password of the login',
  EVENT_BUS_KAFKA_SASL_MECHANISM: (value) => `the login is by ${value.toUpperCase()}`,
  EVENT_BUS_KAFKA_TLS: () => 'whether connections are encrypted',
  EVENT_BUS_KAFKA_TLS_CA: () => 'whom to trust as a broker',
  EVENT_BUS_KAFKA_TLS_CERT: () => 'our own certificate',
  EVENT_BUS_KAFKA_TLS_KEY: () => 'the key of our own certificate',
  EVENT_BUS_KAFKA_ALLOW_INSECURE: () => 'whether credentials may be sent to another machine without TLS',
  EVENT_BUS_KAFKA_CONSUMER_POLL_TIMEOUT: (value) => `the broker waits up to ${Number(value)} s for events`,
  EVENT_BUS_KAFKA_CONSUMER_POLL_FAILURE_SLEEP: (value) =>
    `the first wait between tries is ${Number(value)} s, and grows`,
  EVENT_BUS_KAFKA_CONSUMER_CONSECUTIVE_ERRORS_LIMIT: (value) =>
    Number(value) === 0
      ? 'consumers go on, however many events fail'
      : `consumers end after ${Number(value)} failed events in a row`,
  EVENT_BUS_KAFKA_POLL_INTERVAL_SEC: () => 'it has nothing to say here, there is no thread that polls',
  EVENT_BUS_KAFKA_AUDIT_LOGGING_ENABLED: () => 'whether each event is logged',
  [ENABLED]: () => 'consumers run',
};

/** What is wrong with settings, by their names. */
function settingIssues(env: Environment): ReadonlyMap<string, string> {
  try {
    kafkaConsumerSettings(env);
    return new Map();
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    return new Map(error.issues.map(({ path, message }) => [path, message]));
  }
}
