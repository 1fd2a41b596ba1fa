import { compareEntryIds } from '../admin/entry-id.js';
import { type GroupMove, groupMove } from './group-moves.js';
import type { GroupPosition } from './group-position.js';
import { type LossFinding, type LossMemory, lostEntries } from './lost-entries.js';
import { type DistanceQuestion, lagOf, type Sample, trimDistance } from './trim-distance.js';

/** What this member got, at some time. */
export interface OwnReads {
  readonly newestId: string | undefined;
  readonly count: number;
  readonly hasRead: boolean;
}

export interface Changes {
  readonly lost: LossFinding['lost'];
  readonly move: GroupMove | undefined;
  /** The stream is another one, or an older copy. */
  readonly wasReplaced: boolean;
}

/** What is remembered of a stream between two looks. */
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

  /** Whether what the group missed is counted from look to look. */
  get isCounting(): boolean {
    return this.#loss?.missed !== undefined;
  }

  /** Entries that this member got as new ones: of a group that nobody moves they are always newer than the last. */
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

  /** Entries that this member had got before, of which it may not know: the answer may have been lost. */
  readAgain(entries: readonly { readonly id: string }[]): void {
    const last = entries.at(-1)?.id;
    if (last === undefined) return;
    const known = this.#newestOwnId;
    if (known === undefined || compareEntryIds(last, known) > 0) this.#newestOwnId = last;
  }

  /** To be taken before Redis is asked: what this member got by then, the group got, too. */
  snapshot(): OwnReads {
    return { newestId: this.#newestOwnId, count: this.#ownReads, hasRead: this.#hasRead };
  }

  /** Compares with the last look, and remembers this one. */
  update(own: OwnReads, now: GroupPosition, nextId: string | undefined, maxLength: number): Changes {
    const before = this.#position;
    const isOlder = before !== undefined && isOlderThan(now, before);
    if (isOlder) this.#begin();
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
    // What was told once is where the next comparison begins.
    if (move !== undefined) this.#newestOwnId = move.to;
    if (now.entriesAdded !== null) this.#keepSample({ id: now.lastGeneratedId, added: now.entriesAdded });
    const wentBack = this.#wentBack;
    this.#wentBack = undefined;
    return { lost, move: move ?? wentBack, wasReplaced: isOlder };
  }

  lag(position: GroupPosition): number | null {
    return lagOf(position, this.#loss?.missed ?? 0);
  }

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

  /** Whether the distance has just become too small, or large enough again. */
  cross(distance: number | null, warnBelow: number): 'close' | 'clear' | undefined {
    if (distance === null) return undefined;
    const wasClose = this.#isClose;
    this.#isClose = distance < warnBelow;
    if (wasClose === this.#isClose) return undefined;
    return this.#isClose ? 'close' : 'clear';
  }

  #begin(): void {
    this.#loss = undefined;
    this.#samples = [];
    this.#newestOwnId = undefined;
    this.#wentBack = undefined;
  }

  #keepSample(sample: Sample): void {
    if (this.#samples.at(-1)?.id === sample.id) return;
    this.#samples.push(sample);
    if (this.#samples.length > MOST_SAMPLES) this.#samples.shift();
  }
}

function isOlderThan(now: GroupPosition, before: GroupPosition): boolean {
  if (compareEntryIds(now.lastGeneratedId, before.lastGeneratedId) < 0) return true;
  return now.entriesAdded !== null && before.entriesAdded !== null && now.entriesAdded < before.entriesAdded;
}

/** An hour of looks, at their default interval. */
const MOST_SAMPLES = 240;
