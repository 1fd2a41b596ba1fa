import { type Environment, EventsError, eventBusSettings } from '@openedx-ts/events-core';
import {
  nearestName,
  okFinding,
  problemFinding,
  reasonOf,
  warningFinding,
} from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { routeFindings } from './route-findings.js';

/**
 * What is made of each `EVENT_BUS_…` variable that is set, those of the bus itself apart: the bus knows them. An empty
 * one counts as not set.
 */
export async function settingFindings(
  bus: string | undefined,
  env: Environment,
): Promise<readonly Finding[]> {
  const chosen = bus ?? busOf(env);
  const given = Object.keys(env)
    .filter((name) => /^EVENT_?BUS/i.test(name) && env[name])
    .sort();
  const findings = given.flatMap((name) => findingsOf(name, env[name] as string, chosen));
  return [
    ...disagreement(env),
    ...findings,
    ...(await routeFindings(env.EVENT_BUS_PRODUCER_CONFIG || undefined)),
    serviceName(env),
  ];
}

const coreNames = [
  'EVENT_BUS',
  'EVENT_BUS_PRODUCER',
  'EVENT_BUS_CONSUMER',
  'EVENT_BUS_PRODUCER_CONFIG',
  'EVENT_BUS_TOPIC_PREFIX',
];

/** The most usual names of the buses, to guess what was meant. */
const busNames = [
  'EVENT_BUS_REDIS_CONNECTION_URL',
  'EVENT_BUS_REDIS_STREAM_MAX_LEN',
  'EVENT_BUS_REDIS_CONSUMER_POLL_TIMEOUT',
  'EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS',
  'EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL',
  'EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY',
  'EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_SECRET',
  'EVENT_BUS_KAFKA_API_KEY',
  'EVENT_BUS_KAFKA_API_SECRET',
];

function findingsOf(name: string, value: string, bus: string | undefined): readonly Finding[] {
  if (name === 'EVENT_BUS_PRODUCER_CONFIG') return []; // looked at with its routes
  if (name === 'EVENT_BUS_TOPIC_PREFIX') return [prefixFinding(value)];
  if (coreNames.includes(name)) return [okFinding(subject, `${name} is understood: ${value}`)];
  const owner = /^EVENT_BUS_(REDIS|KAFKA)_/.exec(name)?.[1]?.toLowerCase();
  if (owner !== undefined && bus?.includes(owner) === true) return []; // the bus itself looks at it
  if (owner !== undefined && bus !== undefined)
    return [okFinding(subject, `${name} is for the bus ${owner}, and not read`)];
  if (owner !== undefined) return [];
  const nearest = nearestName(name, [...coreNames, ...busNames]);
  const cure =
    nearest === undefined ? 'remove it, if it is not for something else' : `did you mean ${nearest}?`;
  return [warningFinding(subject, `${name} is no setting that is known here`, cure)];
}

function prefixFinding(prefix: string): Finding {
  const example = `topic orders is ${prefix}-orders on the broker`;
  if (/^[A-Za-z0-9._-]*[A-Za-z0-9]$/.test(prefix))
    return okFinding(subject, `EVENT_BUS_TOPIC_PREFIX is understood: ${example}`);
  const message = `EVENT_BUS_TOPIC_PREFIX is unusual: ${example}`;
  return warningFinding(subject, message, 'give it without the hyphen, letters and digits alone');
}

function disagreement(env: Environment): readonly Finding[] {
  try {
    eventBusSettings({ ...env, EVENT_BUS_PRODUCER_CONFIG: undefined });
    return [];
  } catch (error) {
    if (!EventsError.is(error)) throw error;
    return [problemFinding(subject, reasonOf(error), 'set EVENT_BUS alone')];
  }
}

function busOf(env: Environment): string | undefined {
  return env.EVENT_BUS || env.EVENT_BUS_PRODUCER || env.EVENT_BUS_CONSUMER || undefined;
}

function serviceName({ EVENTS_SERVICE_NAME, SERVICE_VARIANT }: Environment): Finding {
  const name = EVENTS_SERVICE_NAME || SERVICE_VARIANT;
  if (name) return okFinding(subject, `events that are sent say openedx/${name}/web as their source`);
  const message = 'EVENTS_SERVICE_NAME is not set: events that are sent say openedx/SERVICE_NAME_UNSET/web';
  return warningFinding(subject, message, 'set it to the name of the service that sends');
}

const subject = 'settings';
