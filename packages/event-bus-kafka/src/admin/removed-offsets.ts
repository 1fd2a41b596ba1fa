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

  /** Reads a commit; what its metadata says is ignored when it is not ours. */
  static of(committed: { readonly offset: number; readonly metadata: string | null } | undefined) {
    if (committed === undefined || committed.offset < 0) return new RemovedOffsets(0, []);
    const { offset, metadata } = committed;
    return new RemovedOffsets(offset, rangesIn(metadata ?? '', offset));
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

  /** What to commit; undefined when it takes more than Kafka keeps. */
  toCommit(): { readonly offset: number; readonly metadata: string } | undefined {
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
    const metadata = [FORMAT, ...texts].join(' ');
    return metadata.length > MAX_METADATA ? undefined : { offset: this.#below, metadata };
  }

  #settle(): void {
    while (this.#others.delete(this.#below)) this.#below += 1;
    for (const offset of this.#others) if (offset < this.#below) this.#others.delete(offset);
  }
}

const FORMAT = 'removed/1';
const MAX_METADATA = 4_000;

function* rangesIn(metadata: string, below: number): Generator<number> {
  const [format, ...texts] = metadata.split(' ');
  if (format !== FORMAT) return;
  for (const text of texts) {
    const [, start, length = '0'] = /^([0-9a-z]{1,11})(?:-([0-9a-z]{1,11}))?$/.exec(text) ?? [];
    if (start === undefined) continue;
    const from = below + Number.parseInt(start, 36);
    const to = from + Number.parseInt(length, 36);
    for (let offset = from; offset <= to; offset += 1) yield offset;
  }
}
