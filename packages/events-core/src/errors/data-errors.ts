import { describeIssues, EventsError, type Issue } from './events-error.js';

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
