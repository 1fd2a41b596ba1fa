import type { DateTime } from '../shapes/date-time.js';
import type { EventsMetadata } from './events-metadata.js';

/** When an event was sent; null when its message does not carry the time. */
export function sentAt({ defaulted, time }: EventsMetadata): DateTime | null {
  return defaulted.includes('time') ? null : time;
}
