import { EventsError, reasonOf } from './events-error.js';
import type { ProduceFault } from './produce-fault.js';
import { InfrastructureError } from './receiver-errors.js';

/**
 * The broker did not accept an event, or it is unknown whether it did (`outcome`). `retryable`: the same send may succeed
 * later, and cannot make the event come twice. `isTooLarge`: broker, topic or bus take no message of that size.
 */
export class ProduceFailedError extends EventsError {
  readonly code = 'EVENTS_PRODUCE_FAILED';
  readonly topic: string;
  readonly retryable: boolean;
  readonly isTooLarge: boolean;
  /** `unknown`: the event may be in the topic, e.g. because the broker's answer was lost. Then it is not `retryable`. */
  readonly outcome: 'refused' | 'unknown';
  /**
   * Whether the event itself is the cause (`event`), or something that fails other events too (`bus`). `unknown` when the
   * outcome is. `retryable` does not answer that: wrong credentials are final for a send, and no fault of its event.
   */
  readonly fault: ProduceFault;

  /** @param options `fault` defaults to `unknown` for an unknown outcome, to `event` for `isTooLarge`, else to `bus` */
  constructor(
    topic: string,
    reason: string,
    options: ErrorOptions & {
      readonly retryable: boolean;
      readonly outcome?: 'refused' | 'unknown';
      readonly isTooLarge?: boolean;
      readonly fault?: ProduceFault;
    },
  ) {
    const { outcome = 'refused' } = options;
    const what = outcome === 'unknown' ? 'may have been accepted' : 'was not accepted';
    super(`event for topic ${topic} ${what}: ${reason}`, options);
    this.topic = topic;
    this.outcome = outcome;
    this.retryable = options.retryable;
    this.isTooLarge = options.isTooLarge ?? false;
    this.fault = outcome === 'unknown' ? 'unknown' : (options.fault ?? (this.isTooLarge ? 'event' : 'bus'));
  }
}

/**
 * A bus throws it when the broker may have executed a request whose answer is missing: it is retried like any
 * `InfrastructureError`; when the time is up, the sender learns that the event may have been accepted.
 */
export class OutcomeUnknownError extends InfrastructureError {
  readonly mayBeAccepted = true;
}

/**
 * An event was not sent, because an event of the same key before it in the call failed; `cause` is the error of that event.
 * It was not written, and can be published with the next call.
 */
export class EarlierEventFailedError extends EventsError {
  readonly code = 'EVENTS_EARLIER_EVENT_FAILED';
  readonly topic: string;
  readonly retryable = true;
  /** The id of the event that failed; empty for a bare message. */
  readonly earlierEventId: string;

  constructor(topic: string, earlierEventId: string, options: ErrorOptions) {
    const which = earlierEventId === '' ? 'an event' : `event ${earlierEventId}`;
    super(
      `event for topic ${topic} was not sent, to keep the order of its key: ${which} before it failed (${reasonOf(options.cause)})`,
      options,
    );
    this.topic = topic;
    this.earlierEventId = earlierEventId;
  }
}

/** The producer's buffer is full; the event was refused. Slow down, or raise the option that the message names. */
export class BufferFullError extends EventsError {
  readonly code = 'EVENTS_BUFFER_FULL';
  readonly topic: string;
  readonly retryable = true;

  /** @param limit the value of the option that was reached */
  constructor(
    topic: string,
    limit: number,
    option: 'maxBufferedEvents' | 'maxBufferedBytes' = 'maxBufferedEvents',
  ) {
    const waiting =
      option === 'maxBufferedEvents'
        ? `${limit} events wait for the broker`
        : `with this event more than ${limit} bytes would wait for the broker`;
    super(
      `event for topic ${topic} was refused: the buffer is full, ${waiting}. Send slower, or raise ${option}`,
    );
    this.topic = topic;
  }
}

/** A consumer cannot go on; `run()` rejects with it. Nothing unfinished was acknowledged. */
export class ConsumerFailedError extends EventsError {
  readonly code = 'EVENTS_CONSUMER_FAILED';
  readonly groupId: string;

  constructor(groupId: string, reason: string, options?: ErrorOptions) {
    super(`consumer of group ${groupId} stopped: ${reason}`, options);
    this.groupId = groupId;
  }

  /** What ended a consumer as one of these; one that is such an error already stays itself. */
  static of(error: unknown, groupId: string): ConsumerFailedError {
    if (error instanceof ConsumerFailedError) return error;
    return new ConsumerFailedError(groupId, reasonOf(error), { cause: error });
  }
}

/** A method was called in a state that does not allow it. */
export class IllegalStateError extends EventsError {
  readonly code = 'EVENTS_ILLEGAL_STATE';
  readonly operation: string;
  readonly state: string;

  constructor(operation: string, state: string) {
    super(`${operation} is not possible while ${state}`);
    this.operation = operation;
    this.state = state;
  }
}
