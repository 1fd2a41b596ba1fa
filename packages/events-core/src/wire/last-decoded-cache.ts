/**
 * Remembers what the bytes of each place were read as last. What differs little from event to event is read much
 * faster by looking whether it is the same.
 */
export class LastDecodedCache {
  readonly #last: (Known | undefined)[] = [];

  /** What was remembered of these bytes, or undefined. */
  recall(place: number, bytes: Uint8Array): unknown {
    const last = this.#last[place];
    return last !== undefined && isSame(last.bytes, bytes) ? last.value : undefined;
  }

  remember(place: number, bytes: Uint8Array, value: unknown): void {
    if (bytes.length <= LONGEST) this.#last[place] = { bytes: Uint8Array.from(bytes), value };
  }
}

interface Known {
  /** A copy: the bytes are part of what a socket has read. */
  readonly bytes: Uint8Array;
  readonly value: unknown;
}

/** Longer ones are rare, and not worth it. */
const LONGEST = 256;

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
