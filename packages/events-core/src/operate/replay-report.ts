/** What a group receives again. */
export interface ReplayReport {
  readonly isNewGroup: boolean;
  readonly isDryRun: boolean;
  /** The lanes that hold something from there on. */
  readonly lanes: readonly ReplayedLane[];
  /** Events in the lanes that were set back. */
  readonly events: number;
  /**
   * How many of each event type; `null` where the headers do not name it. Names are cut to 200 characters; beyond a
   * thousand of them, the others are counted together as `(others)`.
   */
  readonly eventTypes: readonly (readonly [eventType: string | null, count: number])[];
}

/** One lane of a replay. */
export interface ReplayedLane {
  readonly lane: string;
  /** The first event that the group receives. */
  readonly position: string;
  readonly events: number;
  /** Whether the group is set back here; false where it has not reached this position and receives the events anyway. */
  readonly isMoved: boolean;
}
