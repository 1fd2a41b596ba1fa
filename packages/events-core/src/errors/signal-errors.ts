import { EventsError } from './events-error.js';

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

/** A second, different signal was defined for an event type; the first stays in place. */
export class DuplicateSignalError extends EventsError {
  readonly code = 'EVENTS_DUPLICATE_SIGNAL';
  readonly eventType: string;
  /** Where the definitions differ first, as a path such as `data.user.email`; undefined where that is not known. */
  readonly difference: string | undefined;

  constructor(eventType: string, difference?: string) {
    const where = difference === undefined ? '' : `, and the definitions differ at ${difference}`;
    super(
      `signal ${eventType} is defined twice${where}: define it once and import it; in tests, define it inside isolateSignals(); ` +
        'if nothing defines it twice, two versions of the defining package are installed (npm ls shows them)',
    );
    this.eventType = eventType;
    this.difference = difference;
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
