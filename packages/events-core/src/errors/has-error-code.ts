import { EventsError, type EventsErrorCode } from './events-error.js';

/** Whether a receiver decided by what it threw; right across two installed copies. */
export function hasErrorCode(reason: unknown, code: EventsErrorCode): boolean {
  return EventsError.is(reason) && reason.code === code;
}
