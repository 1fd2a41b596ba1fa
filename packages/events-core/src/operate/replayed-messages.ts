import { comparePositions } from './compare-positions.js';
import { NameCounts } from './name-counts.js';
import type { ReplayedLane, ReplayReport } from './replay-report.js';
import type { StoredMessage } from './stored-message.js';
import type { GroupProgress } from './topic-store.js';

/** Counts the messages that a replay gives to a group again, by lane and by event type. */
export class ReplayedMessages {
  readonly #progress: GroupProgress | undefined;
  readonly #lanes = new Map<string, { -readonly [Key in keyof ReplayedLane]: ReplayedLane[Key] }>();
  readonly #eventTypes = new NameCounts();

  /** @param progress of the group before the replay; undefined for a group that does not exist */
  constructor(progress: GroupProgress | undefined) {
    this.#progress = progress;
  }

  /** Adds a message; the first of a lane is where the lane starts. */
  add({ lane, position }: StoredMessage, eventType: string | null): void {
    let found = this.#lanes.get(lane);
    if (found === undefined) {
      const next = this.#progress?.next.get(lane);
      const isMoved = next === undefined || comparePositions(position, next) < 0;
      found = { lane, position, events: 0, isMoved };
      this.#lanes.set(lane, found);
    }
    found.events += 1;
    if (found.isMoved) this.#eventTypes.add(eventType);
  }

  /** The counts so far; `events` and `eventTypes` are those of the lanes that are set back. */
  get counts(): Pick<ReplayReport, 'lanes' | 'events' | 'eventTypes'> {
    const lanes = [...this.#lanes.values()];
    const events = lanes.reduce((sum, lane) => sum + (lane.isMoved ? lane.events : 0), 0);
    return { lanes, events, eventTypes: this.#eventTypes.all };
  }
}
