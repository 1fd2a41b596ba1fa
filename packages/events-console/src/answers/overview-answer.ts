/** The state of the bus: what to repair first, and how far every group is behind. */
export interface OverviewAnswer {
  /** When it was looked at, in milliseconds since 1970. */
  readonly at: number;
  /** Problems first, then warnings, then what is well. */
  readonly findings: readonly FindingLine[];
  readonly topics: readonly TopicLine[];
}

/** One thing that was looked at, as `openedx-events doctor` prints it. */
export interface FindingLine {
  readonly subject: string;
  readonly verdict: 'ok' | 'warning' | 'problem';
  readonly message: string;
  readonly cure: string | null;
}

/** A topic with the groups that read it. */
export interface TopicLine {
  /** Without prefix. */
  readonly topic: string;
  readonly lanes: number | null;
  /** Messages that it holds; null when the broker does not report it. */
  readonly length: number | null;
  /** When its newest message was stored, in milliseconds since 1970. */
  readonly lastStoredAt: number | null;
  readonly groups: readonly GroupLine[];
}

/** A group on a topic, over all lanes; null where the broker does not report it. */
export interface GroupLine {
  readonly topic: string;
  readonly groupId: string;
  readonly members: number | null;
  readonly lag: number | null;
  readonly pending: number | null;
  readonly oldestAgeMs: number | null;
  readonly distanceToTrim: number | null;
  /** Null when they were not counted: there are more than the console reads. */
  readonly deadLetters: number | null;
  /** The last samples of the lag, the newest at the end. */
  readonly history: readonly number[];
  readonly lanes: readonly LaneLine[];
}

/** A group in one lane, as `openedx-events lag` prints it. */
export interface LaneLine {
  readonly lane: string;
  readonly members: number | null;
  readonly length: number | null;
  readonly lag: number | null;
  readonly pending: number | null;
  readonly oldestAgeMs: number | null;
  readonly distanceToTrim: number | null;
}
