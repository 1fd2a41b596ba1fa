import { EventsError, reasonOf } from './events-error.js';

/** A receiver threw in loud mode; `cause` is what it threw. */
export class ReceiverFailedError extends EventsError {
  readonly code = 'EVENTS_RECEIVER_FAILED';
  readonly eventType: string;
  readonly receiver: string;

  constructor(eventType: string, receiver: string, cause: unknown) {
    super(`receiver ${receiver} of ${eventType} failed: ${reasonOf(cause)}`, { cause });
    this.eventType = eventType;
    this.receiver = receiver;
  }
}

/** Receivers of a consumed event still fail after the last attempt; `cause` holds each reason. */
export class ReceiversFailedError extends EventsError {
  readonly code = 'EVENTS_RECEIVERS_FAILED';
  readonly eventType: string;
  readonly receivers: readonly string[];

  constructor(
    eventType: string,
    failures: readonly { readonly receiver: string; readonly reason: unknown }[],
  ) {
    const names = failures.map((failure) => failure.receiver);
    super(
      `${failures.length} receiver(s) of ${eventType} failed: ${failures
        .map((failure) => `${failure.receiver} (${reasonOf(failure.reason)})`)
        .join(', ')}`,
      { cause: new AggregateError(failures.map((failure) => failure.reason)) },
    );
    this.eventType = eventType;
    this.receivers = names;
  }
}

/**
 * Something that the event is not to blame for is down (a database, a registry, the broker).
 * A receiver may throw it: its event is then retried without limit and never dead-lettered.
 */
export class InfrastructureError extends EventsError {
  readonly code = 'EVENTS_INFRASTRUCTURE';
  readonly retryable = true;
}
