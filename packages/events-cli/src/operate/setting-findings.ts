import { type Environment, EventsError, eventBusSettings, type RouteMode } from '@openedx-ts/events-core';
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
 * Checks each `EVENT_BUS_…` variable that is set and not empty, except those of the chosen bus, which the bus checks
 * itself.
 */
export async function settingFindings(
  bus: string | undefined,
  env: Environment,
): Promise<readonly Finding[]> {
  const chosen = bus ?? busOf(env);
  const names = Object.keys(env)
    .filter((name) => /^EVENT_?BUS/i.test(name) && env[name])
    .sort();
  const findings = names.flatMap((name) => findingsOf(name, env[name] as string, chosen));
  return [
    ...disagreement(env),
    ...findings,
    ...(await routeFindings(env.EVENT_BUS_PRODUCER_CONFIG || undefined, modeOf(env))),
    serviceName(env),
  ];
}

const coreNames = [
  'EVENT_BUS',
  'EVENT_BUS_PRODUCER',
  'EVENT_BUS_CONSUMER',
  'EVENT_BUS_PRODUCER_CONFIG',
  'EVENT_BUS_PRODUCER_MODE',
  'EVENT_BUS_TOPIC_PREFIX',
];

/** The most common settings of the buses, to suggest the nearest name. */
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
  if (name === 'EVENT_BUS_PRODUCER_CONFIG') return []; // routeFindings checks it
  if (name === 'EVENT_BUS_PRODUCER_MODE') return [modeFinding(value)];
  if (name === 'EVENT_BUS_TOPIC_PREFIX') return [prefixFinding(value)];
  if (coreNames.includes(name)) return [okFinding(subject, `${name} is valid: ${value}`)];
  const owner = /^EVENT_BUS_(REDIS|KAFKA)_/.exec(name)?.[1]?.toLowerCase();
  if (owner !== undefined && bus?.includes(owner) === true) return []; // the bus checks it
  if (owner !== undefined && bus !== undefined)
    return [okFinding(subject, `${name} belongs to the bus ${owner} and is ignored`)];
  if (owner !== undefined) return [];
  const nearest = nearestName(name, [...coreNames, ...busNames]);
  const cure =
    nearest === undefined ? 'remove it, unless something else reads it' : `did you mean ${nearest}?`;
  return [warningFinding(subject, `${name} is not a known setting`, cure)];
}

function modeFinding(value: string): Finding {
  try {
    eventBusSettings({ EVENT_BUS_PRODUCER_MODE: value });
    return okFinding(subject, `EVENT_BUS_PRODUCER_MODE is valid: ${value}`);
  } catch (error) {
    if (!EventsError.is(error)) throw error;
    return problemFinding(subject, reasonOf(error), 'correct EVENT_BUS_PRODUCER_MODE');
  }
}

/** The default of routes; a wrong one has a finding of its own. */
function modeOf({ EVENT_BUS_PRODUCER_MODE }: Environment): RouteMode {
  try {
    return eventBusSettings({ EVENT_BUS_PRODUCER_MODE }).producerMode ?? 'immediate';
  } catch {
    return 'immediate';
  }
}

function prefixFinding(prefix: string): Finding {
  const example = `topic orders is called ${prefix}-orders on the broker`;
  if (/^[A-Za-z0-9._-]*[A-Za-z0-9]$/.test(prefix))
    return okFinding(subject, `EVENT_BUS_TOPIC_PREFIX is valid: ${example}`);
  const message = `EVENT_BUS_TOPIC_PREFIX is unusual: ${example}`;
  return warningFinding(
    subject,
    message,
    'use A-Z, a-z, 0-9, dots, hyphens and underscores, without one of these at the end',
  );
}

function disagreement(env: Environment): readonly Finding[] {
  try {
    eventBusSettings({ ...env, EVENT_BUS_PRODUCER_CONFIG: undefined, EVENT_BUS_PRODUCER_MODE: undefined });
    return [];
  } catch (error) {
    if (!EventsError.is(error)) throw error;
    return [problemFinding(subject, reasonOf(error), 'set only EVENT_BUS')];
  }
}

function busOf(env: Environment): string | undefined {
  return env.EVENT_BUS || env.EVENT_BUS_PRODUCER || env.EVENT_BUS_CONSUMER || undefined;
}

function serviceName({ EVENTS_SERVICE_NAME, SERVICE_VARIANT }: Environment): Finding {
  const name = EVENTS_SERVICE_NAME || SERVICE_VARIANT;
  if (name) return okFinding(subject, `sent events have the source openedx/${name}/web`);
  const message =
    'EVENTS_SERVICE_NAME is not set: sent events have the source openedx/SERVICE_NAME_UNSET/web';
  return warningFinding(subject, message, 'set it to the name of the sending service');
}

const subject = 'settings';
