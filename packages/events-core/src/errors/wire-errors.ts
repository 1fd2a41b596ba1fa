import { EventsError } from './events-error.js';

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

/** The bytes of an event do not match their schema: poison. */
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
