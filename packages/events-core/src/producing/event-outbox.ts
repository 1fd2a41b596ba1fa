import type { Route } from '../routes/route.js';
import type { Health } from '../runtime/health.js';
import type { OutgoingEvent, Producer } from './producer.js';

/**
 * Stores events in the transaction of the sender's own change and publishes them after its commit: `startEventBus` gives
 * it the events of routes with the mode `outbox`. `sqlOutbox` of `events-outbox` is one.
 */
export interface EventOutbox {
  /**
   * Prepares for these routes: schemas, encoders, the version of the tables. While the database is unreachable it tries
   * again.
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
  append(event: OutgoingEvent): void | Promise<void>;
  /** Starts to publish, through this producer, what committed transactions have stored; continues until `close()`. */
  startRelay(producer: Producer): void;
  health(): Health;
  /** Stops the relay after the batch in flight. Rejects nothing that is stored: it is published after the next start. Safe to call twice. */
  close(): Promise<void>;
}
