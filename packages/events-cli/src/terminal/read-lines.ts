import { addAbortSignal, type Readable } from 'node:stream';
import { CommandError } from './command-error.js';

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
 * @throws CommandError with the number of the first line that is not valid UTF-8
 */
export async function* readLines(stream: Readable, abortSignal: AbortSignal): AsyncGenerator<InputLine> {
  let number = 0;
  for await (const bytes of byteLines(addAbortSignal(abortSignal, stream))) {
    number += 1;
    const text = decode(bytes, number).trim();
    if (text !== '') yield { number, text };
  }
}

async function* byteLines(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...parts, bytes.subarray(start, end)]);
      parts = [];
      start = end + 1;
    }
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

const NEWLINE = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true });
