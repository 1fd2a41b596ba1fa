import type { FateLine } from './event-answer.js';

/** Where an event is, as `openedx-events where` prints it. */
export interface WhereAnswer {
  readonly eventId: string;
  readonly places: readonly PlaceLine[];
  /** How many events were looked at. */
  readonly looked: number;
  /** Where the search stopped because of its bound, `topic@position`; null when it came to the end. */
  readonly stoppedAt: string | null;
}

/** A place where the event is or was. */
export interface PlaceLine {
  readonly topic: string;
  readonly position: string;
  readonly storedAt: number | null;
  readonly eventType: string | null;
  /** Whether the topic still holds it. */
  readonly isStored: boolean;
  readonly fates: readonly FateLine[];
}
