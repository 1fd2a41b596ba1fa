import { EventsError, type EventsErrorCode } from '../errors/events-error.js';

/** Whether a receiver decided by what it threw; right across two installed copies. */
export function decides(reason: unknown, code: EventsErrorCode): boolean {
  return EventsError.is(reason) && reason.code === code;
}
