import { EventsError } from './events-error.js';

/** An event that leaves through the outbox was sent while no transaction of the outbox was open; it is not stored. */
export class NoTransactionError extends EventsError {
  readonly code = 'EVENTS_NO_TRANSACTION';
  readonly eventType: string;
  readonly topic: string;

  constructor(eventType: string, topic: string) {
    super(
      `${eventType} for topic ${topic} was sent outside a transaction, so the outbox did not store it: send it inside outbox.transaction(...) or outbox.within(...), or give its route another mode`,
    );
    this.eventType = eventType;
    this.topic = topic;
  }
}

/** An event was sent when the transaction of its async context had ended; it is neither stored nor published. */
export class TransactionEndedError extends EventsError {
  readonly code = 'EVENTS_TRANSACTION_ENDED';
  readonly eventType: string;

  constructor(eventType: string) {
    super(
      `${eventType} was sent after its transaction had ended, or was still being sent then: await sendEvent inside the transaction`,
    );
    this.eventType = eventType;
  }
}

/** The work that sent an event rejected, so the event was not published; `cause` is what the work threw. For receipts. */
export class TransactionRolledBackError extends EventsError {
  readonly code = 'EVENTS_TRANSACTION_ROLLED_BACK';
  readonly eventType: string;

  constructor(eventType: string, cause: unknown) {
    super(`${eventType} was not published: the transaction in which it was sent was rolled back`, { cause });
    this.eventType = eventType;
  }
}
