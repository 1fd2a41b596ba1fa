import type { Route } from '../routes/route.js';
import type { Health } from '../runtime/health.js';
import type { OutgoingEvent, Producer } from './producer.js';

/**
 * Stores events in the transaction of the sender's own change and publishes them after its commit: `startEventBus` gives
 * it the events of routes with the mode `outbox`. `sqlOutbox` of `events-outbox` is one.
 */
export interface EventOutbox {
  /**
   * Prepares for the events of these routes: their encoders and schemas, the version of the tables. When the database is
   * unreachable it resolves, shows that in `health()`, and tries again.
   *
   * @throws when trying again does not help, e.g. when a table is missing
   */
  warmUp(routes: readonly Route[]): Promise<void>;
  /**
   * Adds an event to the transaction that is open in this async context. It returns a promise only while the event's
   * encoder is not ready.
   *
   * @throws NoTransactionError when none is open, TransactionEndedError when it has ended
   * @throws EncodingFailedError
   */
  add(event: OutgoingEvent): void | Promise<void>;
  /** Starts to publish, through this producer, what committed transactions have stored; continues until `close()`. */
  startRelay(producer: Producer): void;
  health(): Health;
  /**
   * Refuses new transactions, waits for the open ones, then stops the relay after its batches in flight. What is stored
   * and not published by then waits for another relay. Safe to call twice.
   */
  close(): Promise<void>;
}
