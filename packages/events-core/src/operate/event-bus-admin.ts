import type { TopicStore } from './topic-store.js';

/**
 * An operator's view of a bus: how far groups are behind, and whether all is as it should be. It changes nothing by
 * itself, and nothing of it is on the way of an event.
 */
export interface EventBusAdmin extends AsyncDisposable {
  /**
   * For `openedx-events dlq` and `replay`; a bus may lack it.
   *
   * @throws InvalidOptionsError when asked for while settings are wrong
   */
  readonly topics?: TopicStore;

  /**
   * How far groups are behind, one entry for each group and lane, sorted by topic, lane and group.
   *
   * @throws InfrastructureError when the broker cannot be reached
   */
  lag(query?: LagQuery): Promise<readonly GroupLag[]>;

  /**
   * Looks at settings, broker, schemas, and the state of topics and groups. Never rejects because something is wrong:
   * that is a finding.
   */
  diagnose(query?: LagQuery): Promise<readonly Finding[]>;

  /** Closes the connections to the broker. Safe to call twice. */
  close(): Promise<void>;
}

/** What to look at. */
export interface LagQuery {
  /** Without prefix. @defaultValue all that the bus knows of */
  readonly topics?: readonly string[];
  /** @defaultValue every group */
  readonly groupId?: string;
}

/** The lag of one group in one lane; `null` when the broker does not report it. */
export interface GroupLag {
  /** Without prefix. */
  readonly topic: string;
  readonly groupId: string;
  /** The partition or stream. */
  readonly lane: string;
  /** Members that the broker knows of. */
  readonly members: number | null;
  /** Events that the lane holds. */
  readonly length: number | null;
  /** Events that no member of the group has received yet. */
  readonly lag: number | null;
  /** Events that were received and are not acknowledged. */
  readonly pending: number | null;
  /** How long the oldest event that is not acknowledged has been there. */
  readonly oldestAgeMs: number | null;
  /** Events that may still be sent before the broker deletes one that the group has not acknowledged; negative: so many were. */
  readonly distanceToTrim: number | null;
}

/** One thing that was looked at. */
export interface Finding {
  /** What: `settings`, `broker`, `schemas`, `topic orders`, `group notifications on orders`. */
  readonly subject: string;
  readonly verdict: 'ok' | 'warning' | 'problem';
  /** What was found, without secrets and payloads. */
  readonly message: string;
  /** What to do; undefined when all is well. */
  readonly cure: string | undefined;
  /** Set where the broker, or what else the bus needs, could not be reached at all. */
  readonly isUnreachable?: true;
}
