import { EventsError } from '../../errors/events-error.js';

/**
 * Who is to blame for a failure, which decides what happens next:
 * - `infrastructure`: something is down; trying until it is back helps, and the event is not to blame.
 * - `event`: the message itself, or the code that handles it. Where a message was being decoded it is poison, and
 *   trying again cannot help; where a receiver ran, a few tries may.
 */
export type FailureClass = 'event' | 'infrastructure';

/** Classifies what was thrown. */
export function classifyFailure(error: unknown): FailureClass {
  return EventsError.is(error) && error.code === 'EVENTS_INFRASTRUCTURE' ? 'infrastructure' : 'event';
}
