/** Offsets from the first to the last, both included. */
type Range = readonly [first: number, last: number];

/**
 * Which records of a partition were dealt with, as a group's commit keeps it: all below the offset, and those that its
 * metadata names. Kafka allows metadata of 4,096 bytes. Whoever may commit can write anything there, so ranges are never
 * expanded, and those beyond the end of the partition count as nothing.
 */
export class RemovedOffsets {
  /** Whether the commit, or a part of it, cannot have been written by this package. */
  readonly isForeign: boolean;
  /** All below it are gone. */
  #below: number;
  /** Ascending, and apart from each other and from what is below. */
  #ranges: readonly Range[] = [];

  private constructor(below: number, ranges: readonly Range[], isForeign: boolean) {
    this.isForeign = isForeign;
    this.#below = below;
    this.#settle(ranges);
  }

  /**
   * Reads a commit; its metadata are ignored when they are not ours, and the whole commit when it was made in a topic
   * of the same name that was deleted.
   *
   * @param end of the partition: what lies at or beyond it was never stored
   * @param topicId of the topic; undefined where the broker has none
   */
  static of(
    committed: { readonly offset: number; readonly metadata: string | null } | undefined,
    end = Number.MAX_SAFE_INTEGER,
    topicId?: string,
  ): RemovedOffsets {
    if (committed === undefined || committed.offset < 0) return new RemovedOffsets(0, [], false);
    const { offset, metadata } = committed;
    const [, id = topicId] = /^removed\/1 topic=([\w-]{22})(?: |$)/.exec(metadata ?? '') ?? [];
    if (topicId !== undefined && id !== topicId) return new RemovedOffsets(0, [], false);
    if (offset > end) return new RemovedOffsets(0, [], true);
    const ranges = rangesIn(metadata ?? '', offset);
    const possible = ranges.filter(([, last]) => last < end);
    return new RemovedOffsets(offset, possible, possible.length < ranges.length);
  }

  get below(): number {
    return this.#below;
  }

  has(offset: number): boolean {
    if (offset < this.#below) return true;
    let [low, high] = [0, this.#ranges.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [first, last] = this.#ranges[middle] as Range;
      if (offset < first) high = middle - 1;
      else if (offset > last) low = middle + 1;
      else return true;
    }
    return false;
  }

  /** @param first the oldest record that is still there: what lies before it is gone anyway */
  add(offsets: Iterable<number>, first: number): void {
    this.#below = Math.max(this.#below, first);
    this.#settle([...this.#ranges, ...Array.from(offsets, (offset): Range => [offset, offset])]);
  }

  /** What to commit; undefined when it takes more than Kafka keeps. @param topicId as with `of` */
  toCommit(topicId?: string): { readonly offset: number; readonly metadata: string } | undefined {
    const texts = this.#ranges.map(([first, last]) => {
      const start = (first - this.#below).toString(36);
      return first === last ? start : `${start}-${(last - first).toString(36)}`;
    });
    const metadata = [FORMAT, ...(topicId === undefined ? [] : [`topic=${topicId}`]), ...texts].join(' ');
    return metadata.length > MAX_METADATA ? undefined : { offset: this.#below, metadata };
  }

  /** Joins ranges that touch, and takes those that begin at `below` into it. */
  #settle(ranges: readonly Range[]): void {
    const joined: [number, number][] = [];
    for (const [first, last] of ranges.toSorted(([a], [b]) => a - b)) {
      const before = joined.at(-1);
      if (last < this.#below) continue;
      if (first <= this.#below) this.#below = last + 1;
      else if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
      else joined.push([first, last]);
    }
    this.#ranges = joined;
  }
}

const FORMAT = 'removed/1';
const MAX_METADATA = 4_000;

function rangesIn(metadata: string, below: number): readonly Range[] {
  const [format, ...texts] = metadata.slice(0, MAX_METADATA).split(' ');
  if (format !== FORMAT) return [];
  return texts.flatMap((text): Range[] => {
    const [, start, length = '0'] = /^([0-9a-z]{1,11})(?:-([0-9a-z]{1,11}))?$/.exec(text) ?? [];
    if (start === undefined) return [];
    const first = below + Number.parseInt(start, 36);
    return [[first, first + Number.parseInt(length, 36)]];
  });
}
