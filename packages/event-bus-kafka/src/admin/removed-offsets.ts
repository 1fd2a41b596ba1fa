/**
 * Which records of a partition were dealt with, as a group's commit keeps it: all below the offset, and those that its
 * metadata names. Kafka allows metadata of 4,096 bytes.
 */
export class RemovedOffsets {
  /** All below it are gone. */
  #below: number;
  readonly #others: Set<number>;

  private constructor(below: number, others: Iterable<number>) {
    this.#below = below;
    this.#others = new Set(others);
    this.#settle();
  }

  /**
   * Reads a commit. Metadata that this package cannot have written count as nothing, and so does a commit in a topic of the
   * same name that was deleted.
   *
   * @param topicId the id of the topic; undefined where the broker has none
   */
  static of(
    committed: { readonly offset: number; readonly metadata: string | null } | undefined,
    topicId?: string,
  ): RemovedOffsets {
    if (committed === undefined || committed.offset < 0) return new RemovedOffsets(0, []);
    const { offset, metadata } = committed;
    const { id, ranges } = readText(metadata ?? '') ?? { id: undefined, ranges: [] };
    if (id !== undefined && topicId !== undefined && id !== topicId) return new RemovedOffsets(0, []);
    return new RemovedOffsets(offset, offsetsIn(ranges, offset));
  }

  get below(): number {
    return this.#below;
  }

  has(offset: number): boolean {
    return offset < this.#below || this.#others.has(offset);
  }

  /** @param first the oldest record that is still there: what lies before it is gone anyway */
  add(offsets: Iterable<number>, first: number): void {
    for (const offset of offsets) if (offset >= this.#below) this.#others.add(offset);
    this.#below = Math.max(this.#below, first);
    this.#settle();
  }

  /** What to commit; undefined when it takes more than Kafka keeps. @param topicId as with `of` */
  toCommit(topicId?: string): { readonly offset: number; readonly metadata: string } | undefined {
    const ranges: [number, number][] = [];
    for (const offset of [...this.#others].sort((a, b) => a - b)) {
      const last = ranges.at(-1);
      if (last !== undefined && last[1] === offset - 1) last[1] = offset;
      else ranges.push([offset, offset]);
    }
    const texts = ranges.map(([from, to]) => {
      const start = (from - this.#below).toString(36);
      return from === to ? start : `${start}-${(to - from).toString(36)}`;
    });
    const metadata = [FORMAT, ...(topicId === undefined ? [] : [`topic=${topicId}`]), ...texts].join(' ');
    return metadata.length > MAX_METADATA ? undefined : { offset: this.#below, metadata };
  }

  #settle(): void {
    while (this.#others.delete(this.#below)) this.#below += 1;
    for (const offset of this.#others) if (offset < this.#below) this.#others.delete(offset);
  }
}

const FORMAT = 'removed/1';
const MAX_METADATA = 4_000;

/** More dead letters than are dealt with between others. */
const MAX_SPAN = 1_000_000;

/** Distances from the offset of the commit. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** Undefined for a text that `toCommit` cannot have written: ranges are in order and do not touch. */
function readText(
  metadata: string,
): { readonly id: string | undefined; readonly ranges: readonly Range[] } | undefined {
  const [format, ...texts] = metadata.split(' ');
  if (format !== FORMAT || metadata.length > MAX_METADATA) return undefined;
  const [, id] = /^topic=([\w-]{22})$/.exec(texts[0] ?? '') ?? [];
  const ranges: Range[] = [];
  for (const text of id === undefined ? texts : texts.slice(1)) {
    const [, start, length = '0'] = /^([0-9a-z]{1,11})(?:-([0-9a-z]{1,11}))?$/.exec(text) ?? [];
    if (start === undefined) return undefined;
    const first = Number.parseInt(start, 36);
    const last = first + Number.parseInt(length, 36);
    if (first <= (ranges.at(-1)?.last ?? -1) + 1 || last > MAX_SPAN) return undefined;
    ranges.push({ first, last });
  }
  return { id, ranges };
}

function* offsetsIn(ranges: readonly Range[], below: number): Generator<number> {
  for (const { first, last } of ranges)
    for (let offset = below + first; offset <= below + last; offset += 1) yield offset;
}
