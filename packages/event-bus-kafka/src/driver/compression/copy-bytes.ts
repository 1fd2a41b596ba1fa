/** Copies bytes from one array to another. A loop is faster than `set` for the few bytes that lie between repetitions. */
export function copyBytes(from: Uint8Array, start: number, end: number, into: Uint8Array, at: number): void {
  if (end - start > SHORT) into.set(from.subarray(start, end), at);
  else
    for (let offset = 0; offset < end - start; offset += 1)
      into[at + offset] = from[start + offset] as number;
}

const SHORT = 32;
