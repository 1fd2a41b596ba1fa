import { EventsError } from '../../errors/events-error.js';

/**
 * What caused a failure, which decides what happens next:
 * - `infrastructure`: something is unreachable. It is retried until it is reachable again, and no event is blamed.
 * - `event`: the message or the code that handles it. A message that cannot be decoded is not retried; a receiver
 *   is, a limited number of times. Then `onFailure` applies.
 */
export type FailureClass = 'event' | 'infrastructure';

/** Classifies a thrown value. */
export function classifyFailure(error: unknown): FailureClass {
  return EventsError.is(error) && error.code === 'EVENTS_INFRASTRUCTURE' ? 'infrastructure' : 'event';
}
