/** The dead letters of a group and topic, grouped as an error tracker does. */
export interface DeadLettersAnswer {
  readonly topic: string;
  readonly groupId: string;
  readonly count: number;
  /** Whether there are more than the console reads. */
  readonly isCut: boolean;
  readonly redriven: number;
  readonly unfit: number;
  /** The most frequent first. */
  readonly causes: readonly CauseLine[];
}

/** Dead letters with the same code and event type. */
export interface CauseLine {
  /** Null stands for what is no dead letter. */
  readonly code: string | null;
  readonly eventType: string | null;
  readonly count: number;
  /** In milliseconds since 1970. */
  readonly oldest: number | null;
  readonly newest: number | null;
  /** Messages without their numbers and ids, the most frequent first; at most ten. */
  readonly messages: readonly (readonly [message: string, count: number])[];
  /** The newest of them, at most twenty. */
  readonly samples: readonly DeadLetterLine[];
}

/** One dead letter. */
export interface DeadLetterLine {
  readonly position: string;
  readonly eventId: string | null;
  readonly message: string | null;
  readonly attempts: number | null;
  readonly diedAt: number | null;
  readonly redrives: number;
  /** `topic@position` without prefix; null when unknown. */
  readonly source: string | null;
  /** Why it cannot be sent again; null when it can. */
  readonly unfit: string | null;
}
