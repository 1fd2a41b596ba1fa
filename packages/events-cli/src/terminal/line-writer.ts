import { once } from 'node:events';
import { escapeUnprintable } from '@openedx-ts/events-core/bus';
import type { CliIo } from './cli-io.js';
import { CommandError } from './command-error.js';
import { isReaderClosed } from './is-reader-closed.js';
import { outputError } from './output-error.js';

/** Writes lines to stdout, at the pace of its reader. */
export interface LineWriter {
  /**
   * Writes a line, with what is not printable escaped; resolves when the stream accepts more. Rejects with the stream's
   * error, or when interrupted.
   */
  line(text: string): Promise<void>;
  /** Resolves when every line was written. */
  flush(): Promise<void>;
}

/** Creates a writer of lines to stdout. */
export function lineWriter({ stdout, abortSignal }: Pick<CliIo, 'stdout' | 'abortSignal'>): LineWriter {
  let failure: unknown;
  stdout.on('error', (error) => {
    failure ??= outputError(error);
  });
  const mustBeOpen = () => {
    abortSignal.throwIfAborted();
    if (failure !== undefined) throw failure;
  };
  return {
    async line(text) {
      mustBeOpen();
      if (stdout.write(`${escapeUnprintable(text)}\n`)) return;
      await once(stdout, 'drain', { signal: abortSignal }).catch((error: unknown) => {
        throw outputError(error);
      });
    },
    async flush() {
      mustBeOpen();
      await new Promise<void>((resolve, reject) => {
        stdout.write('', (error) => (error ? reject(outputError(error)) : resolve()));
      });
    },
  };
}

/**
 * Runs a command whose output is data that nobody else has: a reader that closes stdout before the end is a failure.
 *
 * @throws CommandError instead of the error of the stream
 */
export async function neededInFull(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (cause) {
    if (!isReaderClosed(cause)) throw cause;
    throw new CommandError('CLI_OUTPUT', 'stdout was closed before everything was written', { cause });
  }
}
