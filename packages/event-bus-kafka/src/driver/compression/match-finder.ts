/** Size of the blocks that are compressed by themselves, in bytes: the farthest distance of both lz4 and snappy. */
export const BLOCK_BYTES = 64 * 1024;

/** Called for a run of literals and the repetition after it, which has at least four bytes. */
export type OnMatch = (literalsAt: number, matchAt: number, distance: number, length: number) => void;

/**
 * Finds repetitions in a block of at most `BLOCK_BYTES`, in order, as lz4 and snappy do: by a table of the last position
 * of each four bytes. It keeps the rules of lz4 for the end of a block: the last five bytes are literals, and no
 * repetition starts in the last twelve.
 *
 * @returns where the literals after the last repetition start
 */
export function findMatches(bytes: Uint8Array, start: number, end: number, onMatch: OnMatch): number {
  const lastStart = end - 12;
  const lastEnd = end - 5;
  table.fill(0); // positions relative to the start, where the first four bytes are a candidate too
  let literalsAt = start;
  let misses = FIRST_MISS;
  for (let at = start + 1; at < lastStart; ) {
    const word = wordAt(bytes, at);
    const slot = Math.imul(word, MULTIPLIER) >>> (32 - TABLE_BITS);
    const candidate = start + (table[slot] as number);
    table[slot] = at - start;
    if (wordAt(bytes, candidate) !== word) {
      at += misses++ >> MISS_BITS; // faster where nothing repeats
      continue;
    }
    let length = 4;
    while (at + length < lastEnd && bytes[candidate + length] === bytes[at + length]) length += 1;
    onMatch(literalsAt, at, at - candidate, length);
    at += length;
    literalsAt = at;
    misses = FIRST_MISS;
  }
  return literalsAt;
}

const TABLE_BITS = 14;
const table = new Uint16Array(1 << TABLE_BITS);
/** Knuth's multiplicative hash. */
const MULTIPLIER = 0x9e3779b1;
/** So many misses lengthen the step by one byte. */
const MISS_BITS = 6;
const FIRST_MISS = 1 << MISS_BITS;

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}
