import type { ExclusiveCoordinator } from './exclusive-coordinator.js';
import { ExclusiveEvent } from './exclusive-event.js';
import type { SharedPeriod } from './exclusive-gate.js';
import type { LaneEntry } from './lane-window.js';
import type { ProcessingSlots } from './processing-slots.js';

export interface LaneGateAccessOptions {
  readonly exclusive: ExclusiveCoordinator;
  readonly slots: ProcessingSlots<SharedPeriod | undefined>;
  readonly waitSignal: AbortSignal;
  /** Lets the events behind a barrier start. */
  readonly lift: (barrier: LaneEntry) => void;
  /** Called when an event has freed its slot to back off. */
  readonly onBackOff: () => void;
  /** Called when more events may start than before. */
  readonly onChange: () => void;
}

/** How the events of one lane enter the gate of their consumer, leave it while they back off, and come back. */
export class LaneGateAccess {
  readonly #options: LaneGateAccessOptions;

  constructor(options: LaneGateAccessOptions) {
    this.#options = options;
  }

  /** Enters the gate with others; undefined when that is not possible now. `onChange` is called when it may be. */
  enterShared(): SharedPeriod | undefined {
    return this.#options.exclusive.gate.enterShared(this.#options.onChange);
  }

  /** Leaves the gate, if the event is inside with others. */
  leaveGate(entry: LaneEntry): void {
    if (entry.inside !== undefined) this.#options.exclusive.gate.leaveShared(entry.inside);
    entry.inside = undefined;
  }

  /** Leaves the gate for good with events whose receivers nobody waits for any more. */
  abandon(entries: readonly LaneEntry[]): void {
    for (const entry of entries) {
      this.leaveGate(entry);
      entry.exclusive?.end();
    }
  }

  /** The exclusive processing of a barrier. */
  exclusiveEvent(entry: LaneEntry): ExclusiveEvent {
    const { delivery, isCrashing } = entry;
    entry.exclusive ??= new ExclusiveEvent({
      delivery,
      isCrashing,
      processing: this.#options.exclusive,
      waitSignal: this.#options.waitSignal,
      onConcurrent: (inside) => {
        entry.inside = inside;
        this.#options.lift(entry);
        this.#options.onChange();
      },
    });
    return entry.exclusive;
  }

  /** Backs off: an exclusive event keeps its slot and its barrier, an ordinary one frees its slot. */
  async backOff(entry: LaneEntry, wait: () => Promise<void>): Promise<void> {
    if (entry.isExclusive && entry.exclusive !== undefined) {
      await entry.exclusive.backOff(wait);
      const isInside = entry.isExclusive || entry.inside !== undefined;
      if (!isInside) await this.#backOffShared(entry, async () => {}); // others have waited for too long
    } else await this.#backOffShared(entry, wait);
  }

  async #backOffShared(entry: LaneEntry, wait: () => Promise<void>): Promise<void> {
    this.leaveGate(entry);
    this.#options.slots.backOff();
    this.#options.onBackOff();
    this.#options.onChange();
    try {
      await wait();
    } finally {
      await new Promise<void>((resolve) => {
        this.#options.slots.awaitReturn((inside) => {
          entry.inside = inside;
          resolve();
        });
        this.#options.onChange();
      });
    }
  }
}
