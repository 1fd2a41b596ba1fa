import { textIn } from './events-error.js';

/**
 * What the cause of a failed send is:
 * - `event`: this event, such as one that is too large, or whose schema or topic is refused. Sent again, it fails again;
 *   other events of the topic do not;
 * - `bus`: the broker, its schema registry, or the access to them, such as wrong credentials, a missing topic or a full
 *   disk. It fails every event until somebody or time cures it; the event was not written;
 * - `unknown`: the event may have been written, because the answer was lost.
 */
export type ProduceFault = 'event' | 'bus' | 'unknown';

/**
 * Returns whether an event itself is the reason why a producer rejected it. Works for every error of a producer. An error
 * that this package does not know counts as one of the bus, so that no event is discarded for what others caused.
 */
export function faultOf(error: unknown): ProduceFault {
  const { fault, mayBeAccepted } = (error ?? {}) as { fault?: unknown; mayBeAccepted?: unknown };
  if (fault === 'event' || fault === 'bus' || fault === 'unknown') return fault;
  if (mayBeAccepted === true) return 'unknown';
  return codesOfEvents.has(textIn(error, 'code') ?? '') ? 'event' : 'bus';
}

const codesOfEvents: ReadonlySet<string> = new Set([
  'EVENTS_ENCODING_FAILED',
  'EVENTS_INCOMPATIBLE_SCHEMA',
  'EVENTS_INVALID_DATA',
  'EVENTS_INVALID_METADATA',
  'EVENTS_INVALID_SIGNAL',
  'EVENTS_LOCAL_ONLY',
  'EVENTS_PRODUCER_CONFIGURATION',
]);
