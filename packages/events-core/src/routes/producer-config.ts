import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { type Issue, reasonOf } from '../errors/events-error.js';
import { nearestName } from '../errors/nearest-name.js';
import { type RouteMode, routeModeProblem } from './route-mode.js';
import { routeTopicProblem } from './route-topic-problem.js';

/** Which events go to which topics: `{ event type: { topic: entry } }`. The reference's `EVENT_BUS_PRODUCER_CONFIG`. */
export type ProducerConfig = Readonly<Record<string, Readonly<Record<string, ProducerConfigEntry>>>>;

/** One event type on one topic. */
export interface ProducerConfigEntry {
  /** The path of the key in the event's data, e.g. `xblock_info.usage_key`. */
  readonly event_key_field: string;
  readonly enabled: boolean;
  /** When its events are published. The reference has no such key. @defaultValue that of the process, `EVENT_BUS_PRODUCER_MODE` */
  readonly mode?: RouteMode;
}

/**
 * What may be configured: the map form, or the older list form `{ event type: [{ topic, event_key_field, enabled }] }`.
 * Entries of both may have a `mode`.
 * Entries may be partial where they are merged over others.
 */
export type ProducerConfigInput = Readonly<
  Record<
    string,
    | Readonly<Record<string, Partial<ProducerConfigEntry>>>
    | readonly (Partial<ProducerConfigEntry> & { readonly topic: string })[]
  >
>;

/**
 * Reads a configuration in either form, from an object or JSON text, into the map form.
 *
 * @throws ProducerConfigurationError with every issue: wrong forms, unknown keys, a topic listed twice or of dead
 * letters, missing values
 */
export function parseProducerConfig(input: ProducerConfigInput | string): ProducerConfig {
  const issues: Issue[] = [];
  const config = normalizeForm(fromText(input), issues);
  for (const [eventType, topics] of Object.entries(config)) {
    for (const [topic, entry] of Object.entries(topics)) checkEntry(eventType, topic, entry, issues);
  }
  if (issues.length > 0) throw new ProducerConfigurationError(issues);
  return config as unknown as ProducerConfig; // every entry was checked
}

/**
 * Puts overrides over a configuration: an override's `enabled`, `event_key_field` and `mode` win where they are given,
 * and everything else stays. Either side may have either form, or be JSON text. Neither is changed.
 *
 * @throws ProducerConfigurationError when a side is no configuration; the result is checked by `parseProducerConfig`
 */
export function mergeProducerConfigs(
  original: ProducerConfigInput | string,
  overrides: ProducerConfigInput | string,
): ProducerConfigInput {
  const issues: Issue[] = [];
  const merged = normalizeForm(fromText(original), issues);
  for (const [eventType, topics] of Object.entries(normalizeForm(fromText(overrides), issues))) {
    const target = topicsOf(merged, eventType);
    for (const [topic, override] of Object.entries(topics)) {
      const given = Object.entries(override).filter(([, value]) => value !== undefined && value !== null);
      target[topic] = { ...target[topic], ...Object.fromEntries(given) };
    }
  }
  if (issues.length > 0) throw new ProducerConfigurationError(issues);
  return merged as ProducerConfigInput;
}

/** Without prototypes: names come from JSON, where `__proto__` is a key like any other. */
type LooseConfig = Record<string, Record<string, Record<string, unknown>>>;

function normalizeForm(input: unknown, issues: Issue[]): LooseConfig {
  const config = Object.create(null) as LooseConfig;
  if (!isObject(input)) {
    issues.push({
      path: '',
      message: 'expected an object { event type: { topic: { event_key_field, enabled } } }',
    });
    return config;
  }
  for (const [eventType, topics] of Object.entries(input)) {
    const target = topicsOf(config, eventType);
    if (Array.isArray(topics)) fromList(eventType, topics, target, issues);
    else if (isObject(topics)) fromMap(eventType, topics, target, issues);
    else issues.push({ path: eventType, message: 'expected a map of topics or a list of entries' });
  }
  return config;
}

function fromMap(
  eventType: string,
  topics: Record<string, unknown>,
  target: LooseConfig[string],
  issues: Issue[],
): void {
  for (const [topic, entry] of Object.entries(topics)) {
    if (isObject(entry)) target[topic] = { ...entry };
    else issues.push({ path: `${eventType} → ${topic}`, message: 'expected { event_key_field, enabled }' });
  }
}

function fromList(
  eventType: string,
  entries: readonly unknown[],
  target: LooseConfig[string],
  issues: Issue[],
): void {
  for (const [index, entry] of entries.entries()) {
    const { topic, ...rest } = isObject(entry) ? entry : {};
    if (typeof topic !== 'string') {
      issues.push({
        path: `${eventType} → entry ${index}`,
        message: 'expected { topic, event_key_field, enabled }',
      });
    } else if (Object.hasOwn(target, topic)) {
      issues.push({ path: `${eventType} → ${topic}`, message: 'the topic is listed twice: keep one entry' });
    } else {
      target[topic] = rest;
    }
  }
}

function checkEntry(eventType: string, topic: string, entry: Record<string, unknown>, issues: Issue[]): void {
  const path = `${eventType} → ${topic}`;
  const wrongTopic = routeTopicProblem(topic);
  if (wrongTopic !== undefined) issues.push({ path, message: wrongTopic });
  if (typeof entry.event_key_field !== 'string' || entry.event_key_field === '') {
    issues.push({
      path: `${path} → event_key_field`,
      message: 'expected the path of the key, e.g. "user.pii.username"',
    });
  }
  if (typeof entry.enabled !== 'boolean') {
    issues.push({ path: `${path} → enabled`, message: 'expected true or false' });
  }
  const wrongMode = entry.mode === undefined ? undefined : routeModeProblem(entry.mode);
  if (wrongMode !== undefined) issues.push({ path: `${path} → mode`, message: wrongMode });
  for (const key of Object.keys(entry)) {
    if (entryKeys.includes(key)) continue;
    const nearest = nearestName(key, entryKeys);
    issues.push({
      path: `${path} → ${key}`,
      message: `unknown key${nearest === undefined ? '' : `: did you mean ${nearest}?`}`,
    });
  }
}

const entryKeys: readonly string[] = ['event_key_field', 'enabled', 'mode'];

function fromText(input: ProducerConfigInput | string): unknown {
  return typeof input === 'string' ? parseJson(input) : input;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProducerConfigurationError([{ path: '', message: `not JSON (${reasonOf(cause)})` }], { cause });
  }
}

function topicsOf(config: LooseConfig, eventType: string): LooseConfig[string] {
  config[eventType] ??= Object.create(null) as LooseConfig[string];
  return config[eventType];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
