import { isAscii, isUtf8 } from 'node:buffer';
import { refuse, type ScanState } from './scan-state.js';
import { scanLength } from './scan-varint.js';

/** Scans a text: checks its length, and that it is UTF-8. */
export function scanText(state: ScanState, at: number): number {
  const { bytes } = state;
  const byte = at < state.end ? (bytes[at] as number) : 0xff;
  let start = at + 1;
  let length = byte >> 1;
  if (byte >= 0x80 || (byte & 1) === 1 || length > state.end - start) {
    start = scanLength(state, at);
    if (start < 0) return start;
    length = state.number;
  }
  const next = start + length;
  // Texts of up to one character are shared by the engine.
  if (length > 1) state.cost += 24 + length;
  if (length > LOOP_LIMIT) return scanLongText(state, start, next);
  let bits = 0;
  let index = start;
  for (const last = next - 3; index < last; index += 4) {
    bits |=
      (bytes[index] as number) |
      (bytes[index + 1] as number) |
      (bytes[index + 2] as number) |
      (bytes[index + 3] as number);
  }
  for (; index < next; index += 1) bits |= bytes[index] as number;
  return bits < 0x80 ? next : scanLongText(state, start, next);
}

/** Up to this length, in bytes, a loop is faster than a call into native code. */
const LOOP_LIMIT = 128;

function scanLongText(state: ScanState, start: number, next: number): number {
  const text = state.bytes.subarray(start, next);
  if (isAscii(text)) return next;
  if (!isUtf8(text)) return refuse(state, 'text is not UTF-8');
  state.isAscii = false;
  state.cost += 24 + next - start;
  return next;
}
