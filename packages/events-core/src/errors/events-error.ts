/**
 * The error codes of core, and those that another package of this project defines under its own name.
 * docs/reference/errors.md explains the cure of each.
 */
export type EventsErrorCode =
  | 'EVENTS_BUFFER_FULL'
  | 'EVENTS_BUS_LOAD_FAILED'
  | 'EVENTS_CONSUMER_FAILED'
  | 'EVENTS_CRASHING_EVENT'
  | 'EVENTS_DECODING_FAILED'
  | 'EVENTS_DROP_EVENT'
  | 'EVENTS_DUPLICATE_SIGNAL'
  | 'EVENTS_EARLIER_EVENT_FAILED'
  | 'EVENTS_ENCODING_FAILED'
  | 'EVENTS_FATAL_RECEIVER'
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
  | 'EVENTS_DEAD_LETTER_EVENT'
  | 'EVENTS_NO_TRANSACTION'
  | 'EVENTS_OUTBOX_ENTRY'
  | 'EVENTS_OUTBOX_TABLES'
  | 'EVENTS_OUTBOX_UNUSABLE_ENTRY'
  | 'EVENTS_PRODUCE_FAILED'
  | 'EVENTS_PRODUCER_CONFIGURATION'
  | 'EVENTS_RECEIVERS_FAILED'
  | 'EVENTS_RECEIVER_FAILED'
  | 'EVENTS_RECEIVER_TIMEOUT'
  | 'EVENTS_REGISTRY_PROTOCOL'
  | 'EVENTS_RETRY_EVENT'
  | 'EVENTS_TRANSACTION_ABORTED'
  | 'EVENTS_TRANSACTION_ENDED'
  | 'EVENTS_TRANSACTION_ROLLED_BACK'
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
    return isError(value) && brand in value;
  }
}

/** The message of anything thrown, for use in another message. */
export function reasonOf(error: unknown): string {
  if (!isError(error)) return `a value that is no Error was thrown (${typeof error})`;
  return textIn(error, 'message') ?? 'an error whose message cannot be read was thrown';
}

/** A field of anything thrown, when it is text; undefined also when reading it throws. */
export function textIn(error: unknown, field: 'message' | 'name' | 'code'): string | undefined {
  try {
    const text = (error as Readonly<Record<string, unknown>> | null | undefined)?.[field];
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Returns whether a thrown value is an `Error`; false for a proxy that throws when it is asked. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

/** The first few issues as one text. */
export function describeIssues(issues: readonly Issue[]): string {
  const shown = issues
    .slice(0, 5)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return (
    shown.join('; ') + (issues.length > shown.length ? `; and ${issues.length - shown.length} more` : '')
  );
}
