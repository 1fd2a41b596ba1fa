import { runtime } from '@openedx-ts/events-core/bus';

/** How long events may wait before they are reported as unread, and between two reports. */
const LOOK_EVERY_MS = 250;

export interface UnreadWatchOptions {
  /** The lanes of the member, and whether each has events that were not polled. */
  readonly lanes: () => readonly (readonly [lane: string, hasUnread: boolean])[];
  readonly report: (lane: string, hasUnread: boolean) => void;
}

/** Reports lanes whose events are not polled. It has a timer only while there may be such events. */
export class UnreadWatch {
  readonly #options: UnreadWatchOptions;
  readonly #closed = new AbortController();
  #isLooking = false;

  constructor(options: UnreadWatchOptions) {
    this.#options = options;
  }

  /** Notes that there may be unread events. */
  arrived(): void {
    if (!this.#isLooking && !this.#closed.signal.aborted) void this.#look();
  }

  /** Stops its timer. */
  close(): void {
    this.#closed.abort();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    for (let hasUnread = true; hasUnread; ) {
      await runtime().clock.sleep(LOOK_EVERY_MS, this.#closed.signal);
      if (this.#closed.signal.aborted) return;
      const lanes = this.#options.lanes();
      for (const [lane, isUnread] of lanes) this.#options.report(lane, isUnread);
      hasUnread = lanes.some(([, isUnread]) => isUnread);
    }
    this.#isLooking = false;
  }
}
