/** Some of the newest events of a topic, the newest first. */
export interface EventsAnswer {
  readonly events: readonly EventLine[];
  /** Older events follow behind this position; null at the end. */
  readonly before: string | null;
  /** The end of the topic when this was read: a live view from there misses nothing that arrived since. */
  readonly end: string;
  /** How many events were looked at. */
  readonly looked: number;
}

/** An event in a list. Personal data are masked unless the request was allowed to see them. */
export interface EventLine {
  /** Without prefix. */
  readonly topic: string;
  readonly position: string;
  readonly lane: string;
  /** In milliseconds since 1970; null when the broker does not report it. */
  readonly storedAt: number | null;
  readonly eventType: string | null;
  readonly id: string | null;
  /** The size of the value. */
  readonly bytes: number;
  /** Values of the data with the names of their fields, on one line; null when it cannot be decoded. */
  readonly preview: string | null;
  /** Why it cannot be decoded; null when it can. */
  readonly problem: string | null;
}
