/**
 * Keeps the last decoded value of each header, with its bytes. Headers whose bytes rarely change from event to event,
 * such as the source, are decoded once.
 */
export class LastDecodedCache {
  readonly #last: (Known | undefined)[] = [];

  /** Returns the value decoded last in this place, when the bytes are the same. */
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

/** Longer values are rare: comparing them costs more than decoding. */
const LONGEST = 256;

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
