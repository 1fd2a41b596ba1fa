import type { DateTime } from '../shapes/date-time.js';
import type { TraceContext } from './trace-context.js';

/**
 * Receives what happens in these packages, for metrics, traces and audit lines. All methods are called on the way of
 * an event: be quick and do not throw. Facts are bounded: no payloads, keys or secrets.
 */
export interface Telemetry {
  /** Something happened. */
  record(fact: TelemetryFact): void;
  /** The trace context to send along with a new event; undefined for none. */
  traceContext(): TraceContext | undefined;
  /**
   * Runs the receivers of a consumed event, e.g. inside a span that links to the event's trace context. They have ended
   * when `run` returns, or when the promise that it returns has settled.
   */
  process<T>(event: ConsumedEventFacts, run: () => T | Promise<T>): T | Promise<T>;
}

/** What is known of a consumed event when its receivers run. */
export interface ConsumedEventFacts {
  readonly eventType: string;
  readonly eventId: string;
  readonly topic: string;
  readonly groupId: string;
  readonly position: string;
  readonly attempt: number;
  readonly trace: TraceContext | null;
}

/** A fact that is recorded; `type` names its kind. */
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
      readonly eventType: string;
      readonly topic: string;
      readonly durationMs: number;
    }
  | {
      readonly type: 'event.publish-failed';
      readonly eventType: string;
      readonly topic: string;
      readonly error: unknown;
    }
  | {
      readonly type: 'event.handled';
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
      readonly topic: string;
      readonly groupId: string;
      readonly code: string;
    }
  | {
      readonly type: 'event.dropped';
      readonly topic: string;
      readonly groupId: string;
      readonly code: string;
    }
  | {
      readonly type: 'event.skipped';
      readonly topic: string;
      readonly groupId: string;
      readonly reason: 'unknown-type' | 'tombstone';
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

/** Telemetry that records nothing; the default of every package. */
export const noTelemetry: Telemetry = {
  record: () => {},
  traceContext: () => undefined,
  process: (_event, run) => run(),
};
