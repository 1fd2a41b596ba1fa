import type { RedisCommand } from './redis-command.js';

/**
 * The bytes of a command as Redis reads them (RESP): a list of byte strings, each behind its length. Short parts, which
 * are nearly all, are written byte by byte: a call into the engine for each takes longer.
 */
export function encodeCommand(command: RedisCommand): Buffer {
  end = 0;
  writeCount(ASTERISK, command.length);
  for (const part of command) {
    if (typeof part === 'string') writeText(part);
    else writeBytes(part);
  }
  const bytes = Buffer.from(room.subarray(0, end));
  if (room.length > LARGEST_KEPT) room = Buffer.allocUnsafe(SMALLEST);
  return bytes;
}

const SMALLEST = 16_384;
const LARGEST_KEPT = 1_048_576;
const SHORT = 64;
const [ASTERISK, DOLLAR, CR, LF, ZERO] = [0x2a, 0x24, 0x0d, 0x0a, 0x30];

/** Where commands are written, one after another, and how far the one in hand has got. */
let room = Buffer.allocUnsafe(SMALLEST);
let end = 0;

function writeText(text: string): void {
  if (text.length > SHORT || !writeAscii(text)) writeBytes(Buffer.from(text, 'utf8'));
}

/** Writes a short text unless it holds something else; what was written of it is then written over. */
function writeAscii(text: string): boolean {
  const start = end;
  writeCount(DOLLAR, text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) {
      end = start;
      return false;
    }
    room[end++] = code;
  }
  writeLineEnd();
  return true;
}

function writeBytes(bytes: Uint8Array): void {
  const { length } = bytes;
  writeCount(DOLLAR, length);
  if (length > SHORT) room.set(bytes, end);
  else for (let index = 0; index < length; index += 1) room[end + index] = bytes[index] as number;
  end += length;
  writeLineEnd();
}

/** A mark, a number and a line end; and makes room for so many bytes and a line end behind it. */
function writeCount(mark: number, count: number): void {
  makeRoom(count + 32);
  room[end++] = mark;
  let power = 1;
  while (count >= power * 10) power *= 10;
  for (; power >= 1; power /= 10) room[end++] = ZERO + (Math.floor(count / power) % 10);
  writeLineEnd();
}

function writeLineEnd(): void {
  room[end++] = CR;
  room[end++] = LF;
}

function makeRoom(more: number): void {
  if (end + more <= room.length) return;
  const larger = Buffer.allocUnsafe(2 * (end + more));
  room.copy(larger, 0, 0, end);
  room = larger;
}
