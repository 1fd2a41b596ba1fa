import { EventsError, reasonOf } from './events-error.js';

/**
 * The broker did not accept an event. `retryable`: the same send may succeed later. `isTooLarge`: broker, topic or bus
 * take no message of that size.
 */
export class ProduceFailedError extends EventsError {
  readonly code = 'EVENTS_PRODUCE_FAILED';
  readonly topic: string;
  readonly retryable: boolean;
  readonly isTooLarge: boolean;

  constructor(
    topic: string,
    reason: string,
    options: ErrorOptions & { readonly retryable: boolean; readonly isTooLarge?: boolean },
  ) {
    super(`event for topic ${topic} was not accepted: ${reason}`, options);
    this.topic = topic;
    this.retryable = options.retryable;
    this.isTooLarge = options.isTooLarge ?? false;
  }
}

/** The producer's buffer is full; the event was refused. Slow down, or raise `maxBufferedEvents`. */
export class BufferFullError extends EventsError {
  readonly code = 'EVENTS_BUFFER_FULL';
  readonly topic: string;
  readonly retryable = true;

  constructor(topic: string, limit: number) {
    super(
      `event for topic ${topic} was refused: the buffer is full, ${limit} events wait for the broker. ` +
        'Send slower, or raise maxBufferedEvents',
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
