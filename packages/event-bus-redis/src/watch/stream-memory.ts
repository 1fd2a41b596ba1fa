import { compareEntryIds } from '../stream/entry-id.js';
import { type GroupMove, groupMove } from './group-moves.js';
import { type GroupPosition, isBehindFirst } from './group-position.js';
import { type LossFinding, type LossMemory, lostEntries } from './lost-entries.js';
import { OwnReads, type OwnReadsSoFar } from './own-reads.js';
import { type OwnPosition, passedEntries } from './passed-entries.js';
import { type DistanceQuestion, lagOf, type Sample, trimDistance } from './trim-distance.js';

/** What a look at a stream has found. */
export interface Look {
  readonly position: GroupPosition;
  /** The oldest unread entry. */
  readonly nextId: string | undefined;
  /** Distinguishes the connections on which Redis was asked: on another one, Redis may have restarted. */
  readonly connection: number;
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
  /** What this member has read. */
  readonly reads = new OwnReads();
  readonly #maxLength: number;
  #look: Look | undefined;
  #loss: LossMemory | undefined;
  #samples: Sample[] = [];
  /** The newest entry that another member may have read. */
  #foreignId = '0-0';
  /** Own reads before the last look. */
  #ownBefore: OwnReadsSoFar | undefined;
  #isAlone = false;
  #isClose = false;
  /** The last look that showed a position which only this member has read, and what was reported since. */
  #ownPosition: (OwnPosition & { missed: number }) | undefined;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Compares a look with the last one, and remembers it. @param own the reads before Redis was asked */
  update(own: OwnReadsSoFar, look: Look): Changes {
    const { position: now } = look;
    const wasReplaced = this.#look !== undefined && isOlderThan(now, this.#look.position);
    if (wasReplaced) this.#reset();
    const before = this.#look;
    const isContinuous = before?.connection === look.connection;
    if (before !== undefined && !isContinuous) this.reads.restart();
    const isAlone = own.hasRead && this.reads.soFar.hasRead && now.consumers === 1;
    const wasAlone = isAlone && this.#isAlone;
    const move =
      before &&
      groupMove(
        {
          position: before.position,
          newestOwnId: own.newestId ?? before.position.lastDeliveredId,
          foreignId: this.#foreignId,
          isContinuous,
          isAlone: wasAlone && this.#hasArrived(own),
          ownReads: own.count,
          missed: this.#loss?.missed ?? 0,
        },
        now,
      );
    const lost = this.#lost(look, isContinuous, wasAlone);
    this.#look = look;
    if (!wasAlone) this.#foreignId = now.lastDeliveredId;
    this.#isAlone = isAlone;
    this.#ownBefore = own;
    // A move is reported once: the next comparison starts from there.
    if (move !== undefined) this.#ownPosition = undefined;
    const wentBack = this.reads.endLook(own, move?.to);
    if (now.entriesAdded !== null) this.#keepSample({ id: now.lastGeneratedId, added: now.entriesAdded });
    return { lost, move: move ?? wentBack, wasReplaced };
  }

  /** Number of entries that were not delivered to the group; null when unknown. */
  lag(position: GroupPosition): number | null {
    return lagOf(position, this.#loss?.missed ?? 0);
  }

  /** How many entries may still be added before one is trimmed that the group needs; null when unknown. */
  distance(
    position: GroupPosition,
    warnBelow: number,
    countInFront: DistanceQuestion['countInFront'],
  ): Promise<number | null> {
    return trimDistance({
      position,
      missed: this.#loss?.missed ?? 0,
      maxLength: this.#maxLength,
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

  /** Whether every reply has arrived by now that was under way at the last look: on a slow line that may take long. */
  #hasArrived({ readsEnded }: OwnReadsSoFar): boolean {
    const before = this.#ownBefore;
    return before !== undefined && (!before.isReading || readsEnded > before.readsEnded);
  }

  #lost({ position, nextId }: Look, isContinuous: boolean, wasAlone: boolean): LossFinding['lost'] {
    const { lost, memory } = lostEntries(this.#loss, position, {
      nextId,
      isContinuous,
      maxLength: this.#maxLength,
    });
    this.#loss = memory;
    if (!isContinuous || !wasAlone) this.#ownPosition = undefined;
    const from = this.#ownPosition;
    if (from !== undefined) from.missed += lost?.count ?? 0;
    const delivered = this.reads.deliveredUpTo(position.lastDeliveredId);
    if (!wasAlone || delivered === undefined) return lost;
    const here = { position, delivered };
    const passed = from === undefined ? 0 : passedEntries(from, here);
    const inFront = isBehindFirst(position) ? (memory.missed ?? 0) : 0;
    this.#ownPosition = { ...here, missed: inFront };
    if (from === undefined || passed === 0) return lost;
    // What was in front is reported when it is seen, and must not be reported again when it was passed.
    const more = Math.max(0, passed + inFront - from.missed);
    return more === 0 ? lost : { count: more + (lost?.count ?? 0) };
  }

  #reset(): void {
    this.#look = undefined;
    this.#loss = undefined;
    this.#samples = [];
    this.#foreignId = '0-0';
    this.#isAlone = false;
    this.#ownBefore = undefined;
    this.#ownPosition = undefined;
    this.reads.forget();
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
