/** A redrive that was started: what it has done so far. */
export interface JobAnswer {
  readonly id: string;
  readonly topic: string;
  readonly groupId: string;
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  /** How many were selected when it was started. */
  readonly selected: number;
  readonly redriven: number;
  readonly unfit: number;
  readonly reasons: readonly { readonly position: string; readonly reason: string }[];
  /** Why it failed; null when it did not. */
  readonly failure: string | null;
  /** The retry topic that no member of the group reads yet, while it waits for one; else null. */
  readonly waitsFor: string | null;
}

/** What a redrive or a purge would do, or what a purge did. */
export interface CountAnswer {
  readonly count: number;
  /** Dead letters that cannot be sent again. */
  readonly unfit: number;
}

/** What a group receives again, as `openedx-events replay` prints it. */
export interface ReplayAnswer {
  readonly isNewGroup: boolean;
  readonly isDryRun: boolean;
  readonly events: number;
  readonly eventTypes: readonly (readonly [eventType: string | null, count: number])[];
  readonly lanes: readonly {
    readonly lane: string;
    readonly position: string;
    readonly events: number;
    readonly isMoved: boolean;
  }[];
}

/** Where an event was sent. */
export interface SentAnswer {
  readonly topic: string;
  readonly position: string;
  readonly id: string;
}

/** Why a request was refused. */
export interface ErrorAnswer {
  readonly code: string;
  readonly message: string;
}
