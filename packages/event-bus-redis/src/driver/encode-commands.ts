import type { RedisCommand } from './redis-command.js';

/**
 * Encodes commands in the Redis protocol (RESP): each an array of bulk strings, which their lengths precede. Short strings,
 * which nearly all are, are written byte by byte: a native call for each takes longer.
 *
 * @returns the bytes of all commands, in pieces: a piece for each command takes longer to send than to encode
 */
export function encodeCommands(commands: readonly RedisCommand[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  end = 0; // an error may have ended the call before
  for (const command of commands) {
    writeCommand(command);
    if (end >= PIECE) pieces.push(takeWritten());
  }
  if (end > 0) pieces.push(takeWritten());
  if (buffer.length > LARGEST_KEPT) buffer = Buffer.allocUnsafe(SMALLEST);
  return pieces;
}

function writeCommand(command: RedisCommand): void {
  writeCount(ASTERISK, command.length);
  for (const part of command) {
    if (typeof part === 'string') writeText(part);
    else writeBytes(part);
  }
}

function takeWritten(): Buffer {
  const bytes = Buffer.from(buffer.subarray(0, end));
  end = 0;
  return bytes;
}

const SMALLEST = 16_384;
const LARGEST_KEPT = 1_048_576;
/** So many bytes are sent together. */
const PIECE = 65_536;
const SHORT = 64;
const [ASTERISK, DOLLAR, CR, LF, ZERO] = [0x2a, 0x24, 0x0d, 0x0a, 0x30];

/** The buffer in which commands are encoded, one after another, and the end of the bytes that are written and not taken. */
let buffer = Buffer.allocUnsafe(SMALLEST);
let end = 0;

/**
 * Calls without a lookup: ioredis extends `String`, for which V8 keeps `String.prototype` as a hash table, and
 * `text.charCodeAt()` is no longer compiled into its caller.
 */
const { charCodeAt } = String.prototype;

function writeText(text: string): void {
  if (text.length > SHORT || !writeAscii(text)) writeBytes(Buffer.from(text, 'utf8'));
}

/** Writes a short text if it is ASCII; returns false otherwise, and the next write starts at the same place. */
function writeAscii(text: string): boolean {
  const start = end;
  writeCount(DOLLAR, text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = charCodeAt.call(text, index);
    if (code > 0x7f) {
      end = start;
      return false;
    }
    buffer[end++] = code;
  }
  writeLineEnd();
  return true;
}

function writeBytes(bytes: Uint8Array): void {
  const { length } = bytes;
  writeCount(DOLLAR, length);
  if (length > SHORT) buffer.set(bytes, end);
  else for (let index = 0; index < length; index += 1) buffer[end + index] = bytes[index] as number;
  end += length;
  writeLineEnd();
}

/** Writes a type byte, a number and a line end, and reserves space for so many bytes and another line end. */
function writeCount(mark: number, count: number): void {
  reserve(count + 32);
  buffer[end++] = mark;
  let power = 1;
  while (count >= power * 10) power *= 10;
  for (; power >= 1; power /= 10) buffer[end++] = ZERO + (Math.floor(count / power) % 10);
  writeLineEnd();
}

function writeLineEnd(): void {
  buffer[end++] = CR;
  buffer[end++] = LF;
}

function reserve(more: number): void {
  if (end + more <= buffer.length) return;
  const larger = Buffer.allocUnsafe(2 * (end + more));
  buffer.copy(larger, 0, 0, end);
  buffer = larger;
}
