import { compareEntryIds } from '../stream/entry-id.js';
import { type GroupMove, groupMove } from './group-moves.js';
import type { GroupPosition } from './group-position.js';
import { type LossFinding, type LossMemory, lostEntries } from './lost-entries.js';
import { type DistanceQuestion, lagOf, type Sample, trimDistance } from './trim-distance.js';

/** What was delivered to this member up to some time. */
export interface OwnReads {
  readonly newestId: string | undefined;
  readonly count: number;
  readonly hasRead: boolean;
}

/** What has changed between two looks. */
export interface Changes {
  readonly lost: LossFinding['lost'];
  readonly move: GroupMove | undefined;
  /** Whether the stream is another one, or an older copy. */
  readonly wasReplaced: boolean;
}

/** Remembers a stream between two looks of `TrimWatch`. */
export class StreamMemory {
  #position: GroupPosition | undefined;
  #loss: LossMemory | undefined;
  #samples: Sample[] = [];
  #newestOwnId: string | undefined;
  #ownReads = 0;
  #wentBack: GroupMove | undefined;
  #hasRead = false;
  #isAlone = false;
  #isClose = false;

  /** Whether the entries that the group missed are counted from look to look. */
  get isCounting(): boolean {
    return this.#loss?.missed !== undefined;
  }

  /** New entries of this member. Unless somebody moves the group, they are always newer than the last ones. */
  read(entries: readonly { readonly id: string }[]): void {
    this.#hasRead = true;
    this.#ownReads += entries.length;
    const first = entries[0]?.id;
    const known = this.#newestOwnId;
    if (first !== undefined && known !== undefined && compareEntryIds(first, known) <= 0) {
      this.#wentBack ??= { from: known, to: first, skipped: 0 };
      this.#newestOwnId = undefined;
    }
    this.readAgain(entries);
  }

  /** Entries that were delivered before, perhaps to this member in a reply that was lost. */
  readAgain(entries: readonly { readonly id: string }[]): void {
    const last = entries.at(-1)?.id;
    if (last === undefined) return;
    const known = this.#newestOwnId;
    if (known === undefined || compareEntryIds(last, known) > 0) this.#newestOwnId = last;
  }

  /** To be called before Redis is asked: what was delivered to this member by then, was delivered to the group. */
  snapshot(): OwnReads {
    return { newestId: this.#newestOwnId, count: this.#ownReads, hasRead: this.#hasRead };
  }

  /** Compares a position with that of the last look, and remembers it. */
  update(own: OwnReads, now: GroupPosition, nextId: string | undefined, maxLength: number): Changes {
    const before = this.#position;
    const isOlder = before !== undefined && isOlderThan(now, before);
    if (isOlder) this.#reset();
    const isAlone = own.hasRead && now.consumers === 1;
    const move =
      before === undefined || isOlder
        ? undefined
        : groupMove(
            {
              position: before,
              newestOwnId: own.newestId ?? before.lastDeliveredId,
              isAlone: isAlone && this.#isAlone,
              ownReads: own.count,
              missed: this.#loss?.missed ?? 0,
            },
            now,
          );
    const { lost, memory } = lostEntries(this.#loss, now, nextId, maxLength);
    this.#loss = memory;
    this.#position = now;
    this.#isAlone = isAlone;
    this.#ownReads -= own.count;
    // A move is reported once: the next comparison starts from there.
    if (move !== undefined) this.#newestOwnId = move.to;
    if (now.entriesAdded !== null) this.#keepSample({ id: now.lastGeneratedId, added: now.entriesAdded });
    const wentBack = this.#wentBack;
    this.#wentBack = undefined;
    return { lost, move: move ?? wentBack, wasReplaced: isOlder };
  }

  /** Number of entries that were not delivered to the group; null when unknown. */
  lag(position: GroupPosition): number | null {
    return lagOf(position, this.#loss?.missed ?? 0);
  }

  /** How many entries may still be added before one is trimmed that the group needs; null when unknown. */
  distance(
    position: GroupPosition,
    maxLength: number,
    warnBelow: number,
    countInFront: DistanceQuestion['countInFront'],
  ): Promise<number | null> {
    const missed = this.#loss?.missed ?? 0;
    return trimDistance({
      position,
      missed,
      maxLength,
      warnBelow,
      countInFront,
      samples: this.#samples,
    });
  }

  /** Returns `close` when the distance has just become too small, `clear` when it has become large enough again. */
  cross(distance: number | null, warnBelow: number): 'close' | 'clear' | undefined {
    if (distance === null) return undefined;
    const wasClose = this.#isClose;
    this.#isClose = distance < warnBelow;
    if (wasClose === this.#isClose) return undefined;
    return this.#isClose ? 'close' : 'clear';
  }

  #reset(): void {
    this.#loss = undefined;
    this.#samples = [];
    this.#newestOwnId = undefined;
    this.#wentBack = undefined;
  }

  #keepSample(sample: Sample): void {
    if (this.#samples.at(-1)?.id === sample.id) return;
    this.#samples.push(sample);
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
  }
}

function isOlderThan(now: GroupPosition, before: GroupPosition): boolean {
  if (compareEntryIds(now.lastGeneratedId, before.lastGeneratedId) < 0) return true;
  return now.entriesAdded !== null && before.entriesAdded !== null && now.entriesAdded < before.entriesAdded;
}

/** One hour of looks, at the default interval. */
const MAX_SAMPLES = 240;
