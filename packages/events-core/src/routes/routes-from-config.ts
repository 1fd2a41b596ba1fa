import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import type { Issue } from '../errors/events-error.js';
import { resolveKeyPath } from '../signals/key-path.js';
import { findSignal, nearestEventType } from '../signals/registry.js';
import type { OpenEdxPublicSignal } from '../signals/signal.js';
import type { ProducerConfig, ProducerConfigEntry } from './producer-config.js';
import type { Route } from './route.js';
import { routeTopicProblem } from './route-topic-problem.js';

/**
 * Creates the routes of a configuration. The signals of enabled entries must be loaded. An event whose entries are all
 * disabled gets no routes while its signal is not loaded, so that a configuration may list a whole catalogue.
 *
 * @throws ProducerConfigurationError with every issue: unknown event types, key paths that do not exist or cannot be a
 *   key, events that may not leave the process, topics without a valid name, dead-letter topics
 */
export function routesFromConfig(config: ProducerConfig): readonly Route[] {
  const issues: Issue[] = [];
  const routes: Route[] = [];
  for (const [eventType, topics] of Object.entries(config)) {
    const signal = findSignal(eventType);
    if (signal === undefined) {
      const isEnabled = Object.values(topics).some(({ enabled }) => enabled);
      if (isEnabled) issues.push({ path: eventType, message: notLoaded(eventType) });
      continue;
    }
    for (const [topic, entry] of Object.entries(topics)) {
      const issue = issueOf(signal, topic, entry);
      if (issue === undefined) routes.push(routeOf(signal, topic, entry));
      else issues.push(issue);
    }
  }
  if (issues.length > 0) throw new ProducerConfigurationError(issues);
  return routes;
}

function notLoaded(eventType: string): string {
  const nearest = nearestEventType(eventType);
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  return `no signal of this type is loaded: import the module that defines it${hint}`;
}

function issueOf(
  { eventType, about: { localOnly }, shape }: OpenEdxPublicSignal,
  topic: string,
  { event_key_field: keyField }: ProducerConfigEntry,
): Issue | undefined {
  const path = `${eventType} → ${topic}`;
  const topicProblem = routeTopicProblem(topic);
  if (topicProblem !== undefined) return { path, message: topicProblem };
  if (localOnly !== undefined) {
    const message = `the event stays in its process (${localOnly}): remove it from the configuration`;
    return { path, message };
  }
  const key = resolveKeyPath(shape.fields, keyField);
  return 'problem' in key ? { path: `${path} → event_key_field`, message: key.problem } : undefined;
}

function routeOf(signal: OpenEdxPublicSignal, topic: string, entry: ProducerConfigEntry): Route {
  return Object.freeze({
    signal,
    topic,
    eventKeyField: entry.event_key_field,
    enabled: entry.enabled,
    awaitAcceptanceMs: undefined,
    mode: entry.mode,
  });
}
