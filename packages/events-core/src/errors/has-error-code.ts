import { EventsError, type EventsErrorCode } from './events-error.js';

/** Returns whether an error has this code; also for an error of another installed copy of the package. */
export function hasErrorCode(reason: unknown, code: EventsErrorCode): boolean {
  return EventsError.is(reason) && reason.code === code;
}
