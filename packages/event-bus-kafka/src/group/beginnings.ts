import type { Lane } from './lane.js';

export interface BeginningsOptions {
  /** Writes down how often what is in hand of a lane was begun; undefined when that is done with. */
  readonly note: (lane: Lane) => Promise<void> | undefined;
  /** Called when there may be more that can begin. */
  readonly onChange: () => void;
}

/**
 * Before the first event of a lane is handed over, the broker has written down that it was begun once more: a process
 * that it ends can tell nobody. One that is to be handled alone is not begun by that, and counted when it is.
 */
export class Beginnings {
  readonly #options: BeginningsOptions;
  readonly #begun = new WeakSet<Lane>();
  readonly #beginning = new WeakSet<Lane>();

  constructor(options: BeginningsOptions) {
    this.#options = options;
  }

  /** Begins what can; says whether events of a lane may be handed over. @param roomIn how many at the most */
  readyIn(lanes: readonly Lane[], roomIn: (lane: Lane) => number): (lane: Lane) => boolean {
    for (const lane of lanes) {
      if (this.#begun.has(lane) || this.#beginning.has(lane)) continue;
      if (lane.prepare(roomIn(lane))) this.#begin(lane);
    }
    return (lane) => this.#begun.has(lane);
  }

  #begin(lane: Lane): void {
    const noted = lane.isCareful ? undefined : this.#options.note(lane);
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
