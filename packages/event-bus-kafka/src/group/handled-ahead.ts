/**
 * Offsets behind a committed one whose events were handled, so that they must not be delivered again. Kept as ranges: what
 * a text holds, or a partition has in flight, bounds their number. Immutable.
 */
export class HandledAhead {
  static readonly none = new HandledAhead([]);
  /** Ascending; no two touch. */
  readonly #ranges: readonly OffsetRange[];

  private constructor(ranges: readonly OffsetRange[]) {
    this.#ranges = ranges;
  }

  /**
   * Reads the text that `toText` wrote for a commit of an offset.
   *
   * @returns undefined for a text that it cannot have written
   */
  static fromText(text: string, offset: number): HandledAhead | undefined {
    const runs = /^[\w-]+$/.test(text) ? runsIn(Buffer.from(text, 'base64url')) : undefined;
    if (runs === undefined || runs.length % 2 === 1 || runs.includes(0)) return undefined;
    const ranges: OffsetRange[] = [];
    let end = offset;
    for (let index = 0; index < runs.length; index += 2) {
      const from = end + (runs[index] as number);
      end = from + (runs[index + 1] as number);
      ranges.push({ from, end });
    }
    if (end > offset + MAX_SPAN) return undefined;
    const read = new HandledAhead(ranges);
    return read.toText(offset, text.length) === text ? read : undefined;
  }

  get isEmpty(): boolean {
    return this.#ranges.length === 0;
  }

  /** The offset behind the last one; 0 for none. */
  get end(): number {
    return this.#ranges.at(-1)?.end ?? 0;
  }

  has(offset: number): boolean {
    return this.next(offset) !== offset;
  }

  /** The first offset from the given one on that was not handled. */
  next(offset: number): number {
    let [low, high] = [0, this.#ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle] as OffsetRange).end > offset) high = middle;
      else low = middle + 1;
    }
    const range = this.#ranges[low];
    return range !== undefined && range.from <= offset ? range.end : offset;
  }

  /**
   * Adds events of those that were yielded and are not acknowledged.
   *
   * @param yielded their offsets in order: what lies between two of them was handled before, or is no event
   */
  add(handled: ReadonlySet<number>, yielded: readonly number[]): HandledAhead {
    const ranges: OffsetRange[] = [];
    for (const [index, offset] of yielded.entries()) {
      if (!handled.has(offset)) continue;
      const before = yielded[index - 1];
      const last = ranges.at(-1);
      if (last !== undefined && before !== undefined && last.end === before + 1) last.end = offset + 1;
      else ranges.push({ from: offset, end: offset + 1 });
    }
    return this.#with(ranges);
  }

  /** The offsets of both. */
  union(other: HandledAhead): HandledAhead {
    return this.#with(other.#ranges);
  }

  /**
   * The text of these for a commit of an offset; empty for none behind it. Alternately the numbers of offsets that were not
   * handled and that were, as LEB128 in base64url; the last ranges are left out when they do not fit.
   */
  toText(offset: number, maxLength: number): string {
    const bytes: number[] = [];
    let end = offset;
    for (const range of this.#ranges) {
      if (range.from <= offset) continue;
      const run = [...leb128(range.from - end), ...leb128(range.end - range.from)];
      const isTooFar = range.end > offset + MAX_SPAN;
      if (isTooFar || base64Length(bytes.length + run.length) > maxLength) break;
      bytes.push(...run);
      end = range.end;
    }
    return Buffer.from(bytes).toString('base64url');
  }

  #with(others: readonly OffsetRange[]): HandledAhead {
    if (others.length === 0) return this;
    const merged: OffsetRange[] = [];
    for (const { from, end } of [...this.#ranges, ...others].sort((one, other) => one.from - other.from)) {
      const last = merged.at(-1);
      if (last !== undefined && from <= last.end) last.end = Math.max(last.end, end);
      else merged.push({ from, end });
    }
    return new HandledAhead(merged);
  }
}

interface OffsetRange {
  readonly from: number;
  /** Behind the last one. */
  end: number;
}

/** More offsets than can be in flight in one partition, also where compaction has left gaps. */
export const MAX_SPAN = 1_000_000;

function base64Length(bytes: number): number {
  return Math.ceil((bytes * 4) / 3);
}

function leb128(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** Undefined when a number is cut off or too large. */
function runsIn(bytes: Buffer): readonly number[] | undefined {
  const runs: number[] = [];
  let [value, factor] = [0, 1];
  for (const byte of bytes) {
    value += (byte & 127) * factor;
    factor *= 128;
    if (value > MAX_SPAN || factor > 128 ** 4) return undefined;
    if (byte >= 128) continue;
    runs.push(value);
    [value, factor] = [0, 1];
  }
  return factor === 1 ? runs : undefined;
}
