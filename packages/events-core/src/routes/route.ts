import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { LocalOnlyError } from '../errors/signal-errors.js';
import { type KeyPath, resolveKeyPath } from '../signals/key-path.js';
import type { OpenEdxPublicSignal, PayloadFields } from '../signals/signal.js';
import { noWaitForOutbox } from './no-wait-for-outbox.js';
import { type RouteMode, routeModeProblem } from './route-mode.js';
import { routeTopicProblem } from './route-topic-problem.js';

/** One event that goes to one topic. */
export interface Route {
  readonly signal: OpenEdxPublicSignal;
  /** Without prefix. */
  readonly topic: string;
  readonly eventKeyField: string;
  readonly enabled: boolean;
  /** How long `sendEvent` waits for the broker's acceptance; undefined: not at all. */
  readonly awaitAcceptanceMs: number | undefined;
  /** When its events are published; undefined: by the default of the process. */
  readonly mode: RouteMode | undefined;
}

/** What a route has besides its signal. */
export interface RouteOptions<F extends PayloadFields> {
  /** Without prefix. */
  readonly topic: string;
  /** The path of the key; the compiler knows which there are. */
  readonly eventKeyField: KeyPath<F>;
  /** Whether events are sent; `false` keeps the route in the configuration. @defaultValue true */
  readonly enabled?: boolean;
  /**
   * Makes `sendEvent` wait up to that long for the broker; past it the result is `pending`, as it is for an event that
   * waits for a commit. Not possible with the mode `outbox`. @defaultValue no wait
   */
  readonly awaitAcceptanceMs?: number;
  /** When its events are published. @defaultValue `producerMode` of `startEventBus` */
  readonly mode?: RouteMode;
}

/**
 * Creates a route that sends a signal's events to a topic once it is given to `startEventBus` or `connectRoutes`.
 *
 * @throws LocalOnlyError when the event may not leave the process
 * @throws ProducerConfigurationError when the topic has no valid name or is a dead-letter topic, the key path cannot be a key,
 *   the wait is no number of milliseconds, or the mode is none or allows no wait
 */
export function route<F extends PayloadFields>(
  signal: OpenEdxPublicSignal<F>,
  options: NoInfer<RouteOptions<F>>,
): Route {
  const { localOnly } = signal.about;
  if (localOnly !== undefined) throw new LocalOnlyError(signal.eventType, localOnly);
  const problems = [routeTopicProblem(options.topic), waitProblem(options), modeProblem(options.mode)];
  const key = resolveKeyPath(signal.shape.fields, options.eventKeyField);
  if ('problem' in key) problems.push(key.problem);
  const path = `${signal.eventType} → ${String(options.topic)}`;
  const issues = problems.filter((problem) => problem !== undefined).map((message) => ({ path, message }));
  if (issues.length > 0) throw new ProducerConfigurationError(issues);
  return Object.freeze({
    signal: signal as unknown as OpenEdxPublicSignal,
    topic: options.topic,
    eventKeyField: options.eventKeyField,
    enabled: options.enabled ?? true,
    awaitAcceptanceMs: options.awaitAcceptanceMs,
    mode: options.mode,
  });
}

function waitProblem({
  awaitAcceptanceMs,
  mode,
}: Pick<RouteOptions<PayloadFields>, 'awaitAcceptanceMs' | 'mode'>): string | undefined {
  if (awaitAcceptanceMs === undefined) return undefined;
  if (!(awaitAcceptanceMs >= 0)) return 'awaitAcceptanceMs must be a number of milliseconds, 0 or more';
  return mode === 'outbox' ? noWaitForOutbox : undefined;
}

function modeProblem(mode: RouteMode | undefined): string | undefined {
  return mode === undefined ? undefined : routeModeProblem(mode);
}
