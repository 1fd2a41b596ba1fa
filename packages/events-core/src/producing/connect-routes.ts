import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { type Issue, reasonOf } from '../errors/events-error.js';
import { noWaitForOutbox } from '../routes/no-wait-for-outbox.js';
import type { Route } from '../routes/route.js';
import type { RouteMode } from '../routes/route-mode.js';
import { routeTopicProblem } from '../routes/route-topic-problem.js';
import { runtime } from '../runtime/runtime.js';
import type { Connection } from '../signals/signal.js';
import type { EventOutbox } from './event-outbox.js';
import type { Producer } from './producer.js';
import { type RouteTargets, routeReceiver } from './route-receiver.js';

/** What `connectRoutes` needs for routes that do not only publish when an event is sent. */
export interface ConnectRoutesOptions {
  /** Stores the events of routes with the mode `outbox`; its `warmUp` is left to the caller. @defaultValue none */
  readonly outbox?: EventOutbox | undefined;
  /** The mode of routes that have none. @defaultValue 'immediate' */
  readonly defaultMode?: RouteMode | undefined;
}

/** The connected routes of a producer. */
export interface ConnectedRoutes extends Disposable {
  /** The routes in force, disabled ones included. */
  readonly current: readonly Route[];
  /**
   * Makes exactly these routes the ones in force: connects, reconnects and disconnects what differs.
   *
   * @throws ProducerConfigurationError when two of them, or one of them and a receiver that is there already, are in each
   *   other's way, one leads to a dead-letter topic, or one has a mode that is not possible; nothing has changed then
   */
  apply(routes: readonly Route[]): void;
  /** Disconnects all. Safe to call twice; the producer stays open. */
  disconnect(): void;
}

/**
 * Connects routes to a producer: each enabled one becomes a receiver of its signal, called `route:<topic>`. A route
 * never delays or fails the sender: its result is `pending` with a receipt. A route with the mode `outbox` does: it
 * fails the sender when the event is not stored. Events that came over a bus are left alone, so that nothing travels in
 * circles.
 *
 * @param producer undefined where every route has the mode `outbox`
 * @throws ProducerConfigurationError as `apply`
 */
export function connectRoutes(
  producer: Producer | undefined,
  routes: readonly Route[],
  options: ConnectRoutesOptions = {},
): ConnectedRoutes {
  const targets: RouteTargets = { producer, outbox: options.outbox };
  const modeOf = ({ mode }: Route): RouteMode => mode ?? options.defaultMode ?? 'immediate';
  const identity = (route: Route) => identityOf(route, modeOf(route));
  const connections = new Map<string, { readonly route: Route; readonly connection: Connection }>();
  let current: readonly Route[] = [];

  const apply = (next: readonly Route[]) => {
    const enabled = next.filter(({ enabled }) => enabled);
    mustBePossible(
      enabled.map((route) => ({ ...route, mode: modeOf(route) })),
      targets,
      Array.from(connections.values(), ({ route }) => route),
    );
    const wanted = new Map(enabled.map((route) => [identity(route), route]));
    for (const [id, { connection }] of connections) {
      if (wanted.has(id)) continue;
      connection.disconnect();
      connections.delete(id);
    }
    for (const [id, route] of wanted) {
      if (connections.has(id)) continue;
      const mode = modeOf(route);
      const connection = route.signal.connect(routeReceiver(route, mode, targets), {
        name: nameOf(route),
        mustSucceed: mode === 'outbox',
      });
      connections.set(id, { route, connection });
    }
    current = [...next];
    const published = enabled.filter((route) => modeOf(route) !== 'outbox');
    if (producer !== undefined) void warmUp(producer, published);
  };

  apply(routes);
  return {
    get current() {
      return current;
    },
    apply,
    disconnect: () => apply([]),
    [Symbol.dispose]: () => apply([]),
  };
}

/** A fault would fail every event of its route: logged at the start, it is noticed before the first. */
async function warmUp(producer: Producer, routes: readonly Route[]): Promise<void> {
  try {
    if (routes.length > 0) await producer.warmUp?.(routes);
  } catch (error) {
    runtime().logger.error({ err: error }, `the producer is not ready for its routes: ${reasonOf(error)}`);
  }
}

/** A route is a receiver with a name, and names are unique in a signal. One made by hand was not checked before. */
function mustBePossible(
  routes: readonly (Route & { readonly mode: RouteMode })[],
  targets: RouteTargets,
  connected: readonly Route[],
): void {
  const issues: Issue[] = [];
  for (const [index, route] of routes.entries()) {
    const isSamePlace = (other: Route) => other.signal === route.signal && other.topic === route.topic;
    const path = `${route.signal.eventType} → ${route.topic}`;
    const problem = routeTopicProblem(route.topic) ?? modeProblem(route, targets);
    if (problem !== undefined) {
      issues.push({ path, message: problem });
    } else if (routes.findIndex(isSamePlace) !== index) {
      issues.push({ path, message: 'two routes send the event to this topic: keep one' });
    } else if (!connected.some(isSamePlace) && route.signal.receivers.includes(nameOf(route))) {
      const message = `a receiver named "${nameOf(route)}" is connected already: was the bus started twice?`;
      issues.push({ path, message });
    }
  }
  if (issues.length > 0) throw new ProducerConfigurationError(issues);
}

function nameOf({ topic }: Route): string {
  return `route:${topic}`;
}

/** Routes that agree in all of this are one and the same, and stay connected when a configuration is applied. */
function identityOf(route: Route, mode: RouteMode): string {
  const { signal, topic, eventKeyField, awaitAcceptanceMs } = route;
  return JSON.stringify([signal.eventType, topic, eventKeyField, awaitAcceptanceMs ?? null, mode]);
}

function modeProblem({ mode, awaitAcceptanceMs }: Route, targets: RouteTargets): string | undefined {
  if (mode !== 'outbox') {
    return targets.producer === undefined ? `its mode is ${mode}, which needs a producer` : undefined;
  }
  if (awaitAcceptanceMs !== undefined) return noWaitForOutbox;
  return targets.outbox === undefined ? noOutbox : undefined;
}

const noOutbox =
  'its mode is outbox, but there is no outbox: pass one to startEventBus, e.g. sqlOutbox(...) of @openedx-ts/events-outbox, or set the mode to immediate or on-commit';
