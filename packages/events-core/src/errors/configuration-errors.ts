import { describeIssues, EventsError, type Issue } from './events-error.js';

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

/** A bus or a module named in the configuration could not be loaded. */
export class BusLoadError extends EventsError {
  readonly code = 'EVENTS_BUS_LOAD_FAILED';
  readonly specifier: string;

  constructor(specifier: string, reason: string, options?: ErrorOptions) {
    super(`${specifier} cannot be loaded: ${reason}`, options);
    this.specifier = specifier;
  }
}
