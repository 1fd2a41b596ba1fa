import type { Producer, SendReceipt } from '../producing/producer.js';
import { settings } from '../runtime/settings.js';
import { pendingReceipt } from '../signals/pending-receipt.js';
import type { Connection, SignalEvent } from '../signals/signal.js';
import type { Route } from './route.js';

/** The connected routes of a producer. */
export interface ConnectedRoutes extends Disposable {
  /** The routes in force, disabled ones included. */
  readonly current: readonly Route[];
  /** Makes exactly these routes the ones in force: connects, reconnects and disconnects what differs. */
  apply(routes: readonly Route[]): void;
  /** Disconnects all. Safe to call twice; the producer stays open. */
  disconnect(): void;
}

/**
 * Connects routes to a producer: each enabled one becomes a receiver of its signal, called `route:<topic>`. A route
 * never delays or fails the sender: its result is `pending` with a receipt. Events that came over a bus are left
 * alone, so that nothing travels in circles.
 */
export function connectRoutes(producer: Producer, routes: readonly Route[]): ConnectedRoutes {
  const connections = new Map<string, { readonly route: Route; readonly connection: Connection }>();
  let current: readonly Route[] = [];

  const apply = (next: readonly Route[]) => {
    const wanted = new Map(
      next.filter(({ isEnabled }) => isEnabled).map((route) => [identity(route), route]),
    );
    for (const [id, { connection }] of connections) {
      if (wanted.has(id)) continue;
      connection.disconnect();
      connections.delete(id);
    }
    for (const [id, route] of wanted) {
      if (connections.has(id)) continue;
      const connection = route.signal.connect(receiverOf(producer, route), { name: `route:${route.topic}` });
      connections.set(id, { route, connection });
    }
    current = [...next];
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
    const late = settings()
      .clock.sleep(waitMs, timer.signal)
      .then(() => pendingReceipt(receipt));
    return await Promise.race([receipt, late]);
  } finally {
    timer.abort();
  }
}
