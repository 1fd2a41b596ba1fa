/** An entry that was parked and is pending again, behind everything that its topic and key had before. */
export interface RedrivenEntry {
  readonly topic: string;
  readonly eventType: string;
  readonly eventId: string;
  readonly key: string;
  /** Where it was before it was parked. */
  readonly parkedPosition: bigint;
  /** Where it is now. */
  readonly position: bigint;
  /** Pending entries of the same topic and key that are published before it. */
  readonly pendingAhead: number;
  /**
   * Entries of the same topic and key that followed it and were published while it was parked. Only those that are
   * still kept are counted.
   */
  readonly publishedAhead: number;
  /** Entries of the same topic and key that precede it and stay parked. */
  readonly parkedBefore: number;
}
