/**
 * Repetition: copies bytes that lie some distance before a position to that position. They may overlap: the copied bytes
 * are then repeated.
 */
export function copyMatch(bytes: Uint8Array, at: number, distance: number, length: number): void {
  if (length > SHORT && distance >= length) bytes.copyWithin(at, at - distance, at - distance + length);
  else if (length > SHORT && distance === 1) bytes.fill(bytes[at - 1] as number, at, at + length);
  else for (let to = at; to < at + length; to += 1) bytes[to] = bytes[to - distance] as number;
}

const SHORT = 32;
