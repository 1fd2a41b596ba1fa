import { refuse, type ScanState } from './scan-state.js';

/** Scans a zig-zag varint of up to 64 bits into `state.number`, exact within ±(2^52). */
export function scanVarint(state: ScanState, at: number): number {
  const { bytes, end } = state;
  let value = 0;
  let scale = 1;
  for (let count = 1; count <= 10; count += 1) {
    if (at >= end) return refuse(state, 'the bytes end inside a number');
    const byte = bytes[at] as number;
    at += 1;
    if (count === 10 && byte > 1) return refuse(state, 'a number is longer than 64 bits');
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      state.number = value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      return at;
    }
    scale *= 128;
  }
  return refuse(state, 'a number is longer than 64 bits');
}

/** Scans a long of any size. */
export function scanLong(state: ScanState, at: number): number {
  const { bytes, end } = state;
  const last = at + 10;
  for (let next = at; next < end && next < last; next += 1) {
    if ((bytes[next] as number) < 0x80) return next - at < 9 ? next + 1 : scanVarint(state, at);
  }
  return scanVarint(state, at);
}

/** Scans a long that a `number` can hold exactly. */
export function scanSafeLong(state: ScanState, at: number): number {
  const next = scanLong(state, at);
  if (next - at < 8 || next < 0) return next;
  scanVarint(state, at);
  // Rounding to a double cannot carry an unsafe integer over the bound: it rounds 2^53 - ½ up.
  return Number.isSafeInteger(state.number)
    ? next
    : refuse(
        state,
        'an integer is beyond ±(2^53 - 1): set unsafeIntegers of the codec to bigint to accept it',
      );
}

/** Scans an integer of 32 bits. */
export function scanInt(state: ScanState, at: number): number {
  const next = scanVarint(state, at);
  if (next < 0 || (state.number >= -0x80000000 && state.number <= 0x7fffffff)) return next;
  return refuse(state, 'an int has more than 32 bits');
}

/** Scans a length into `state.number`, and checks that as many bytes follow. */
export function scanLength(state: ScanState, at: number): number {
  const next = scanVarint(state, at);
  if (next < 0) return next;
  if (state.number < 0) return refuse(state, 'a length is negative');
  if (state.number > state.end - next) return refuse(state, 'a length is greater than the remaining bytes');
  return next;
}
