import type { DateTime } from '../shapes/date-time.js';

/**
 * A fact that is recorded; `type` names its kind. One that concerns a single event has the event's type. Facts that
 * concern many events of a lane, a group or an outbox, or whichever event is the oldest at the moment, have none:
 * `consumer.lag`, `consumer.oldest-age`, `consumer.resumed`, `events.lost`, `outbox.published`, ….
 */
export type TelemetryFact =
  | {
      readonly type: 'receiver.failed';
      readonly eventType: string;
      readonly eventId: string;
      readonly receiver: string;
      readonly error: unknown;
    }
  | {
      readonly type: 'event.published';
      /** The bus: `kafka`, `redis`, `memory`, or the name that a bus of your own gives. */
      readonly system: string;
      /** Empty for a bare message, such as a dead letter that is redriven. */
      readonly eventType: string;
      readonly topic: string;
      /** From the call to the receipt. */
      readonly durationMs: number;
    }
  | {
      readonly type: 'event.publish-failed';
      /** `null` when the producer refused the event before it was buffered. */
      readonly system: string | null;
      readonly eventType: string;
      readonly topic: string;
      /** `null` when the producer refused the event before it was buffered. */
      readonly durationMs: number | null;
      readonly error: unknown;
    }
  | {
      readonly type: 'event.handled';
      readonly system: string;
      readonly eventType: string;
      readonly topic: string;
      readonly groupId: string;
      readonly attempts: number;
      readonly durationMs: number;
      /** When the event was sent, when its message carries the time: with the clock this gives the end-to-end age. */
      readonly sentAt: DateTime | null;
    }
  | {
      readonly type: 'event.retried';
      readonly eventType: string;
      readonly topic: string;
      readonly groupId: string;
      readonly attempt: number;
      readonly error: unknown;
    }
  | {
      readonly type: 'event.dead-lettered';
      readonly system: string;
      /** As the message names it, at most 200 characters; empty when it names none. */
      readonly eventType: string;
      readonly topic: string;
      readonly groupId: string;
      readonly code: string;
      readonly durationMs: number;
    }
  | {
      readonly type: 'event.dropped';
      readonly system: string;
      /** As the message names it, at most 200 characters; empty when it names none. */
      readonly eventType: string;
      readonly topic: string;
      readonly groupId: string;
      readonly code: string;
      /** The receiver that threw `DropEventError`: for it, the event counts as handled. `null`: the policy discarded the event. */
      readonly receiver: string | null;
      /** `null` when one receiver dropped it. */
      readonly durationMs: number | null;
    }
  | {
      readonly type: 'event.skipped';
      readonly system: string;
      /** As the message names it, at most 200 characters; empty when it names none. */
      readonly eventType: string;
      readonly topic: string;
      readonly groupId: string;
      readonly reason: 'unknown-type' | 'tombstone' | 'other-group';
    }
  | {
      readonly type: 'event.unverified';
      readonly eventType: string;
      readonly topic: string;
      readonly groupId: string;
    }
  | {
      /** The broker is asked for no more events of a lane, because one of them waits for something unreachable. */
      readonly type: 'consumer.paused';
      readonly lane: string;
      readonly groupId: string;
      /**
       * Of the event that waits, as its message names it, at most 200 characters; empty when it names none. `null`: an
       * acknowledgement waits.
       */
      readonly eventType: string | null;
      readonly error: unknown;
    }
  | { readonly type: 'consumer.resumed'; readonly lane: string; readonly groupId: string }
  | {
      /** A lane made no progress for `stallTimeoutMs` while events wait. Once for each stall. */
      readonly type: 'consumer.stalled';
      readonly lane: string;
      readonly groupId: string;
      /**
       * Where it stands still: the broker returns nothing (`read`), an event does not start, is not decoded, its receivers
       * do not end, its dead letter or an acknowledgement is not answered.
       */
      readonly stage: 'read' | 'start' | 'decode' | 'receiver' | 'dead-letter' | 'acknowledgement';
      /** `null` when it is not a receiver, or not known which. */
      readonly receiver: string | null;
      /**
       * Of the event that stands still, as its message names it, at most 200 characters; `null` for `read` and
       * `acknowledgement`.
       */
      readonly eventType: string | null;
    }
  | {
      /** How far a group is behind in a lane, measured now and then; `null` when the broker does not report it. */
      readonly type: 'consumer.lag';
      readonly lane: string;
      readonly groupId: string;
      readonly lag: number | null;
      readonly pending: number | null;
      /** Events that may still be sent before the broker deletes one that the group has not read. */
      readonly distanceToTrim: number | null;
    }
  | {
      /** How old the oldest event of a lane is that this consumer has received and not finished; looked at once a second. */
      readonly type: 'consumer.oldest-age';
      readonly lane: string;
      readonly groupId: string;
      /** `null` when no event of the lane is unfinished any more. */
      readonly ageMs: number | null;
    }
  | {
      /** Events were deleted before the group had handled them. */
      readonly type: 'events.lost';
      readonly lane: string;
      readonly groupId: string;
      /** `null` when the broker does not report how many. */
      readonly count: number | null;
      readonly reason: 'trimmed' | 'group-gone' | 'group-moved' | 'topic-recreated';
    }
  | { readonly type: 'consumer.state'; readonly groupId: string; readonly state: string }
  | {
      /** Where only one member of a group may work on a lane: whether it is this one now, or it stands by. */
      readonly type: 'consumer.lease';
      readonly lane: string;
      readonly groupId: string;
      readonly isHeld: boolean;
    }
  | {
      /** The relay of an outbox has published entries, which the bus has accepted. */
      readonly type: 'outbox.published';
      /** Without prefix. */
      readonly topic: string;
      readonly count: number;
      readonly durationMs: number;
    }
  | {
      /** The relay of an outbox has set an event aside, because the bus will never accept it as it is. */
      readonly type: 'outbox.parked';
      readonly topic: string;
      readonly eventType: string;
      readonly eventId: string;
      readonly code: string;
    }
  | {
      /** What waits in an outbox, measured every ten seconds by the relay that publishes. */
      readonly type: 'outbox.state';
      /** At most 10,000 of each topic are counted. */
      readonly pending: number;
      /** `null` when nothing is pending. */
      readonly oldestAgeMs: number | null;
      readonly parked: number;
      /** The host of the relay that holds the lease. */
      readonly holder: string | null;
    };
