import { addAbortSignal, type Readable } from 'node:stream';
import { CommandError } from './command-error.js';
import { systemReason } from './system-reason.js';

/** A line of the input; blank lines are skipped. */
export interface InputLine {
  /** Counted from 1, blank lines included. */
  readonly number: number;
  readonly text: string;
}

/**
 * Yields the lines of a stream, trimmed. Only a newline ends a line, because JSON texts may contain the other line
 * separators of Unicode.
 *
 * @throws CommandError with the number of the first line that is not valid UTF-8, or longer than `maxLineBytes`, or when
 *   the system cannot read the stream
 */
export async function* readLines(
  stream: Readable,
  abortSignal: AbortSignal,
  maxLineBytes = MAX_LINE_BYTES,
): AsyncGenerator<InputLine> {
  let number = 0;
  const chunks = readable(addAbortSignal(abortSignal, stream));
  for await (const bytes of byteLines(chunks, maxLineBytes)) {
    number += 1;
    if (bytes === undefined) throw tooLong(number, maxLineBytes);
    const text = decode(bytes, number).trim();
    if (text !== '') yield { number, text };
  }
}

/** Names the file in errors of the system. */
async function* readable(stream: Readable): AsyncGenerator<Uint8Array | string> {
  try {
    yield* stream as AsyncIterable<Uint8Array | string>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
    const { path } = stream as { readonly path?: unknown };
    const name = typeof path === 'string' ? path : 'stdin';
    const reason = systemReason(cause as NodeJS.ErrnoException);
    throw new CommandError('CLI_FILE', `${name} cannot be read: ${reason}`, { cause });
  }
}

/** A line that is too long is undefined, and the last. */
async function* byteLines(
  chunks: AsyncIterable<Uint8Array | string>,
  maxLineBytes: number,
): AsyncGenerator<Uint8Array | undefined> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      if (length + end - start > maxLineBytes) return yield undefined;
      yield Buffer.concat([...parts, bytes.subarray(start, end)]);
      parts = [];
      length = 0;
      start = end + 1;
    }
    length += bytes.length - start;
    if (length > maxLineBytes) return yield undefined;
    parts.push(bytes.subarray(start));
  }
  yield Buffer.concat(parts);
}

function decode(bytes: Uint8Array, number: number): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new CommandError('CLI_INPUT', `line ${number}: the input is not valid UTF-8`);
  }
}

function tooLong(number: number, maxLineBytes: number): CommandError {
  const limit = maxLineBytes.toLocaleString('en-US');
  return new CommandError(
    'CLI_INPUT',
    `line ${number} is longer than ${limit} bytes: give one event or record a line, each ended by a newline`,
  );
}

const NEWLINE = 0x0a;
/** No broker takes an event of that size by default; parsing and checking a line takes many times its memory. */
const MAX_LINE_BYTES = 16_777_216;
const utf8 = new TextDecoder('utf-8', { fatal: true });
