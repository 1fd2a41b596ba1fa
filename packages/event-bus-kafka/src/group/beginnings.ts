import { settings } from '@openedx-ts/events-core';
import type { Lane } from './lane.js';

/** How long others that are suspicious wait for one of them at most. */
const TRIAL_MS = 30_000;

export interface BeginningsOptions {
  /** Writes down how often what is in hand of a lane was begun; undefined when that is done with. */
  readonly note: (lane: Lane) => Promise<void> | undefined;
  /** Called when there may be more that can begin. */
  readonly onChange: () => void;
}

/**
 * Before the first event of a lane is handed over, the broker has written down that it was begun once more: a process
 * that it ends can tell nobody. Where that happened again and again, lanes begin one after the other, the least
 * suspicious first, so that what ends the process is not put down to an event that was in hand beside it.
 */
export class Beginnings {
  readonly #options: BeginningsOptions;
  readonly #begun = new WeakSet<Lane>();
  readonly #beginning = new WeakSet<Lane>();
  /** The one whose first event others wait for. */
  #trial: { readonly lane: Lane; readonly handled: number; readonly endsAt: number } | undefined;

  constructor(options: BeginningsOptions) {
    this.#options = options;
  }

  /** Begins what can; says whether events of a lane may be handed over. @param roomIn how many at the most */
  readyIn(lanes: readonly Lane[], roomIn: (lane: Lane) => number): (lane: Lane) => boolean {
    const waiting = lanes.filter(
      (lane) => !this.#begun.has(lane) && !this.#beginning.has(lane) && lane.prepare(roomIn(lane)),
    );
    for (const lane of waiting) if (lane.suspicion === 0) this.#begin(lane);
    const [least] = waiting
      .filter(({ suspicion }) => suspicion > 0)
      .sort((a, b) => a.suspicion - b.suspicion);
    if (least !== undefined && this.#mayTry()) this.#try(least);
    return (lane) => this.#begun.has(lane);
  }

  /** One that takes long is let off when others wait: what ends the process from now on may be theirs. */
  #mayTry(): boolean {
    if (this.#trial === undefined) return true;
    const { lane, handled, endsAt } = this.#trial;
    if (!lane.isOpen || lane.isPaused || lane.handled !== handled) return true;
    if (settings().clock.monotonic() < endsAt) return false;
    if (lane.tally?.end(handled) === true) void this.#options.note(lane);
    return true;
  }

  #try(lane: Lane): void {
    const { clock } = settings();
    this.#trial = { lane, handled: lane.handled, endsAt: clock.monotonic() + TRIAL_MS };
    void clock.sleep(TRIAL_MS, lane.abortSignal).then(this.#options.onChange);
    this.#begin(lane);
  }

  #begin(lane: Lane): void {
    const noted = this.#options.note(lane);
    if (noted === undefined) {
      this.#begun.add(lane);
      return;
    }
    this.#beginning.add(lane);
    void noted.then(() => {
      this.#begun.add(lane);
      this.#options.onChange();
    });
  }
}
