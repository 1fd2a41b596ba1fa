import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { type Issue, reasonOf } from '../errors/events-error.js';
import type { Route } from '../routes/route.js';
import { routeTopicProblem } from '../routes/route-topic-problem.js';
import { runtime } from '../runtime/runtime.js';
import { pendingReceipt } from '../signals/pending-receipt.js';
import type { Connection, SignalEvent } from '../signals/signal.js';
import type { Producer, SendReceipt } from './producer.js';

/** The connected routes of a producer. */
export interface ConnectedRoutes extends Disposable {
  /** The routes in force, disabled ones included. */
  readonly current: readonly Route[];
  /**
   * Makes exactly these routes the ones in force: connects, reconnects and disconnects what differs.
   *
   * @throws ProducerConfigurationError when two of them, or one of them and a receiver that is there already, are in each
   *   other's way, or one leads to a topic of dead letters; nothing has changed then
   */
  apply(routes: readonly Route[]): void;
  /** Disconnects all. Safe to call twice; the producer stays open. */
  disconnect(): void;
}

/**
 * Connects routes to a producer: each enabled one becomes a receiver of its signal, called `route:<topic>`. A route
 * never delays or fails the sender: its result is `pending` with a receipt. Events that came over a bus are left
 * alone, so that nothing travels in circles.
 *
 * @throws ProducerConfigurationError as `apply`
 */
export function connectRoutes(producer: Producer, routes: readonly Route[]): ConnectedRoutes {
  const connections = new Map<string, { readonly route: Route; readonly connection: Connection }>();
  let current: readonly Route[] = [];

  const apply = (next: readonly Route[]) => {
    const enabled = next.filter(({ enabled }) => enabled);
    mustBePossible(
      enabled,
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
      const connection = route.signal.connect(receiverOf(producer, route), { name: nameOf(route) });
      connections.set(id, { route, connection });
    }
    current = [...next];
    void warmUp(producer, enabled);
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

/** What is wrong is wrong with every event of a route, too; said now, it is noticed before the first. */
async function warmUp(producer: Producer, routes: readonly Route[]): Promise<void> {
  try {
    if (routes.length > 0) await producer.warmUp?.(routes);
  } catch (error) {
    runtime().logger.error({ err: error }, `the producer is not ready for its routes: ${reasonOf(error)}`);
  }
}

/** A route is a receiver with a name, and names are unique in a signal. One made by hand was not checked before. */
function mustBePossible(routes: readonly Route[], connected: readonly Route[]): void {
  const issues: Issue[] = [];
  for (const [index, route] of routes.entries()) {
    const isSamePlace = (other: Route) => other.signal === route.signal && other.topic === route.topic;
    const path = `${route.signal.eventType} → ${route.topic}`;
    const wrongTopic = routeTopicProblem(route.topic);
    if (wrongTopic !== undefined) {
      issues.push({ path, message: wrongTopic });
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
function identity({ signal, topic, eventKeyField, awaitAcceptanceMs }: Route): string {
  return JSON.stringify([signal.eventType, topic, eventKeyField, awaitAcceptanceMs ?? null]);
}

function receiverOf(producer: Producer, { topic, eventKeyField, awaitAcceptanceMs }: Route) {
  return ({ signal, data, metadata, fromEventBus }: SignalEvent): unknown => {
    if (fromEventBus) return undefined;
    const receipt = producer.offer({ signal, topic, eventKeyField: eventKeyField as never, data, metadata });
    return awaitAcceptanceMs === undefined
      ? pendingReceipt(receipt)
      : acceptedWithin(receipt, awaitAcceptanceMs);
  };
}

async function acceptedWithin(receipt: Promise<SendReceipt>, waitMs: number): Promise<unknown> {
  const timer = new AbortController();
  try {
    const late = runtime()
      .clock.sleep(waitMs, timer.signal)
      .then(() => pendingReceipt(receipt));
    return await Promise.race([receipt, late]);
  } finally {
    timer.abort();
  }
}
