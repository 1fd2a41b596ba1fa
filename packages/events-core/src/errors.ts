/**
 * Every error these packages throw. Switch on `code`, or ask `EventsError.is(error)`:
 * both still work when two copies of the package are installed, where `instanceof` does not.
 */

/** The closed list of error codes; docs/reference/errors.md explains the cure of each. */
export type EventsErrorCode =
  | 'EVENTS_BUFFER_FULL'
  | 'EVENTS_BUS_LOAD_FAILED'
  | 'EVENTS_CONSUMER_FAILED'
  | 'EVENTS_DECODING_FAILED'
  | 'EVENTS_DUPLICATE_SIGNAL'
  | 'EVENTS_ENCODING_FAILED'
  | 'EVENTS_ILLEGAL_STATE'
  | 'EVENTS_INCOMPATIBLE_SCHEMA'
  | 'EVENTS_INFRASTRUCTURE'
  | 'EVENTS_INVALID_DATA'
  | 'EVENTS_INVALID_DATE_TIME'
  | 'EVENTS_INVALID_METADATA'
  | 'EVENTS_INVALID_OPTIONS'
  | 'EVENTS_INVALID_SHAPE'
  | 'EVENTS_INVALID_SIGNAL'
  | 'EVENTS_LOCAL_ONLY'
  | 'EVENTS_PRODUCE_FAILED'
  | 'EVENTS_PRODUCER_CONFIGURATION'
  | 'EVENTS_RECEIVERS_FAILED'
  | 'EVENTS_RECEIVER_FAILED'
  | 'EVENTS_REGISTRY_PROTOCOL'
  | 'EVENTS_UNKNOWN_SIGNAL'
  | 'EVENTS_UNUSABLE_MESSAGE';

/** One thing that is wrong, and where: `path` is dotted, `''` for the whole value. Never holds the value itself. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

const brand = Symbol.for('@openedx-ts/events-core/error');

/** Base of every error of these packages. */
export abstract class EventsError extends Error {
  abstract readonly code: EventsErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Like `instanceof EventsError`, and right across two installed copies. */
  static is(value: unknown): value is EventsError {
    return value instanceof Error && brand in value;
  }
}

/** A shape was described in a way that no schema can express. */
export class InvalidShapeError extends EventsError {
  readonly code = 'EVENTS_INVALID_SHAPE';
}

/** A signal definition breaks a rule; nothing was registered. */
export class InvalidSignalError extends EventsError {
  readonly code = 'EVENTS_INVALID_SIGNAL';
  readonly eventType: string;

  constructor(eventType: string, reason: string) {
    super(`signal ${eventType}: ${reason}`);
    this.eventType = eventType;
  }
}

/** A second signal was defined for an event type; the first stays in place. */
export class DuplicateSignalError extends EventsError {
  readonly code = 'EVENTS_DUPLICATE_SIGNAL';
  readonly eventType: string;

  constructor(eventType: string) {
    super(
      `signal ${eventType} is defined twice: define it once and import it; in tests, define it inside isolateSignals(); ` +
        'if nothing defines it twice, two copies of the defining package are installed (npm ls shows them)',
    );
    this.eventType = eventType;
  }
}

/** No signal of this event type is loaded. */
export class UnknownSignalError extends EventsError {
  readonly code = 'EVENTS_UNKNOWN_SIGNAL';
  readonly eventType: string;
  readonly nearest: string | undefined;

  constructor(eventType: string, nearest?: string) {
    super(
      `no signal is loaded for event type ${eventType}: import the module that defines it` +
        (nearest === undefined ? '' : ` (did you mean ${nearest}?)`),
    );
    this.eventType = eventType;
    this.nearest = nearest;
  }
}

/** The data given to a signal does not fit its shape; no receiver ran. */
export class InvalidDataError extends EventsError {
  readonly code = 'EVENTS_INVALID_DATA';
  readonly eventType: string;
  readonly issues: readonly Issue[];

  constructor(eventType: string, issues: readonly Issue[]) {
    super(`data of ${eventType} is refused: ${describeIssues(issues)}`);
    this.eventType = eventType;
    this.issues = issues;
  }
}

/** A text is not a date-time, or a naive date-time was asked for an instant. */
export class InvalidDateTimeError extends EventsError {
  readonly code = 'EVENTS_INVALID_DATE_TIME';
}

/** Metadata could not be made from what was given. */
export class InvalidMetadataError extends EventsError {
  readonly code = 'EVENTS_INVALID_METADATA';
  readonly field: string;

  constructor(field: string, reason: string, options?: ErrorOptions) {
    super(`metadata field ${field}: ${reason}`, options);
    this.field = field;
  }
}

/** Options or settings are wrong; `issues` has all of them, not only the first. */
export class InvalidOptionsError extends EventsError {
  readonly code = 'EVENTS_INVALID_OPTIONS';
  readonly subject: string;
  readonly issues: readonly Issue[];

  constructor(subject: string, issues: readonly Issue[], options?: ErrorOptions) {
    super(`${subject}: ${describeIssues(issues)}`, options);
    this.subject = subject;
    this.issues = issues;
  }
}

/** `EVENT_BUS_PRODUCER_CONFIG` or a route is wrong; `issues` has all of them. No route was changed. */
export class ProducerConfigurationError extends EventsError {
  readonly code = 'EVENTS_PRODUCER_CONFIGURATION';
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[], options?: ErrorOptions) {
    super(`EVENT_BUS_PRODUCER_CONFIG: ${describeIssues(issues)}`, options);
    this.issues = issues;
  }
}

/** The event may not leave the process; `reason` is the definition's own. */
export class LocalOnlyError extends EventsError {
  readonly code = 'EVENTS_LOCAL_ONLY';
  readonly eventType: string;
  readonly reason: string;

  constructor(eventType: string, reason: string) {
    super(
      `${eventType} stays in its process (${reason}): remove its route and connect receivers in the same service`,
    );
    this.eventType = eventType;
    this.reason = reason;
  }
}

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

/** An event could not be turned into bytes. */
export class EncodingFailedError extends EventsError {
  readonly code = 'EVENTS_ENCODING_FAILED';
  readonly eventType: string;
  readonly path: string;

  constructor(eventType: string, path: string, reason: string, options?: ErrorOptions) {
    super(`${eventType} cannot be encoded${path === '' ? '' : ` at ${path}`}: ${reason}`, options);
    this.eventType = eventType;
    this.path = path;
  }
}

/** The bytes of an event are not what their schema says: poison. */
export class DecodingFailedError extends EventsError {
  readonly code = 'EVENTS_DECODING_FAILED';
  readonly eventType: string;
  readonly path: string;

  constructor(eventType: string, path: string, reason: string, options?: ErrorOptions) {
    super(`${eventType} cannot be decoded${path === '' ? '' : ` at ${path}`}: ${reason}`, options);
    this.eventType = eventType;
    this.path = path;
  }
}

/** The writer's schema cannot be read with ours: poison. */
export class IncompatibleSchemaError extends EventsError {
  readonly code = 'EVENTS_INCOMPATIBLE_SCHEMA';
  readonly eventType: string;
  readonly writerFingerprint: string;
  readonly readerFingerprint: string;

  constructor(
    eventType: string,
    writerFingerprint: string,
    readerFingerprint: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(
      `${eventType}: schema ${writerFingerprint} of the writer cannot be read with our schema ${readerFingerprint}: ${reason}`,
      options,
    );
    this.eventType = eventType;
    this.writerFingerprint = writerFingerprint;
    this.readerFingerprint = readerFingerprint;
  }
}

/** A message has no usable metadata: a required header is missing, doubled or cannot be read. Poison. */
export class UnusableMessageError extends EventsError {
  readonly code = 'EVENTS_UNUSABLE_MESSAGE';
  readonly header: string | undefined;

  constructor(reason: string, header?: string, options?: ErrorOptions) {
    super(`message cannot be used: ${reason}`, options);
    this.header = header;
  }
}

/** The broker did not accept an event. `retryable`: the same send may succeed later. */
export class ProduceFailedError extends EventsError {
  readonly code = 'EVENTS_PRODUCE_FAILED';
  readonly topic: string;
  readonly retryable: boolean;

  constructor(topic: string, reason: string, options: ErrorOptions & { readonly retryable: boolean }) {
    super(`event for topic ${topic} was not accepted: ${reason}`, options);
    this.topic = topic;
    this.retryable = options.retryable;
  }
}

/** The producer's buffer is full; the event was not taken. Slow down, or raise `maxBufferedEvents`. */
export class BufferFullError extends EventsError {
  readonly code = 'EVENTS_BUFFER_FULL';
  readonly topic: string;
  readonly retryable = true;

  constructor(topic: string, limit: number) {
    super(`event for topic ${topic} was not taken: ${limit} events wait already (maxBufferedEvents)`);
    this.topic = topic;
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

/** A consumer cannot go on; `run()` rejects with it. Nothing unfinished was acknowledged. */
export class ConsumerFailedError extends EventsError {
  readonly code = 'EVENTS_CONSUMER_FAILED';
  readonly groupId: string;

  constructor(groupId: string, reason: string, options?: ErrorOptions) {
    super(`consumer of group ${groupId} stopped: ${reason}`, options);
    this.groupId = groupId;
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

/** A bus or a module named in the configuration could not be loaded. */
export class BusLoadError extends EventsError {
  readonly code = 'EVENTS_BUS_LOAD_FAILED';
  readonly specifier: string;

  constructor(specifier: string, reason: string, options?: ErrorOptions) {
    super(`${specifier} cannot be loaded: ${reason}`, options);
    this.specifier = specifier;
  }
}

/** Two copies of events-core in this process do not speak the same registry protocol. */
export class RegistryProtocolError extends EventsError {
  readonly code = 'EVENTS_REGISTRY_PROTOCOL';

  constructor(found: unknown, expected: number) {
    super(
      `this process holds a signal registry of protocol ${String(found)}, this copy of @openedx-ts/events-core speaks ${expected}: ` +
        'install one version of it (npm ls @openedx-ts/events-core shows the copies)',
    );
  }
}

/** The message of anything thrown, for use in another message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : `a value that is no Error was thrown (${typeof error})`;
}

function describeIssues(issues: readonly Issue[]): string {
  const shown = issues
    .slice(0, 5)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return (
    shown.join('; ') + (issues.length > shown.length ? `; and ${issues.length - shown.length} more` : '')
  );
}
