import { EventsError, reasonOf } from './events-error.js';

/** A receiver that must succeed threw, or any in loud mode; `cause` is what it threw. Receivers after it did not run. */
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

/** A receiver throws this to be retried, after a delay of its choice. Counts as one of its attempts, like any other error. */
export class RetryEventError extends EventsError {
  readonly code = 'EVENTS_RETRY_EVENT';
  /** Wait before the next try, in milliseconds; without a valid wait, the policy applies. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: ErrorOptions & { readonly retryAfterMs?: number } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A receiver does not want the event, now or ever: it counts as done for this receiver, with a count and no alarm. */
export class DropEventError extends EventsError {
  readonly code = 'EVENTS_DROP_EVENT';
}

/** A receiver knows that trying again cannot help: the event is dead-lettered without further tries. */
export class DeadLetterEventError extends EventsError {
  readonly code = 'EVENTS_DEAD_LETTER_EVENT';
}

/** A receiver knows that nothing can go on: the consumer stops, `run` rejects, and the event stays where it is. */
export class FatalReceiverError extends EventsError {
  readonly code = 'EVENTS_FATAL_RECEIVER';
}

/** A receiver took longer than `receiverTimeoutMs`. Its `abortSignal` has fired; what it does after that does not count. */
export class ReceiverTimeoutError extends EventsError {
  readonly code = 'EVENTS_RECEIVER_TIMEOUT';
  readonly receiver: string;
  readonly timeoutMs: number;

  constructor(receiver: string, timeoutMs: number) {
    super(`receiver ${receiver} took longer than ${timeoutMs} ms (receiverTimeoutMs)`);
    this.receiver = receiver;
    this.timeoutMs = timeoutMs;
  }
}

/** An event was in flight each time the process died; it is dead-lettered without another attempt. */
export class CrashingEventError extends EventsError {
  readonly code = 'EVENTS_CRASHING_EVENT';
  readonly deliveryCount: number;

  constructor(deliveryCount: number) {
    super(
      `delivery ${deliveryCount} exceeds maxDeliveries: the process crashed each time while this event was processed; find the crash in the logs of the process, fix it, then redrive the event`,
    );
    this.deliveryCount = deliveryCount;
  }
}
