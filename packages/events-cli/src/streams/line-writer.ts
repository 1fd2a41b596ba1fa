import { once } from 'node:events';
import type { CliIo } from '../cli-io.js';

/** Writes to stdout and knows whether somebody still reads it. */
export interface LineWriter {
  /** Writes a line; resolves when the stream takes more. Rejects with the error of the stream, or when interrupted. */
  line(text: string): Promise<void>;
  /** Resolves when everything was handed over. */
  flush(): Promise<void>;
}

/** Lines to stdout, no faster than its reader takes them. */
export function lineWriter({ stdout, abortSignal }: Pick<CliIo, 'stdout' | 'abortSignal'>): LineWriter {
  let failure: unknown;
  stdout.on('error', (error) => {
    failure ??= error;
  });
  const mustBeOpen = () => {
    abortSignal.throwIfAborted();
    if (failure !== undefined) throw failure;
  };
  return {
    async line(text) {
      mustBeOpen();
      if (!stdout.write(`${text}\n`)) await once(stdout, 'drain', { signal: abortSignal });
    },
    async flush() {
      mustBeOpen();
      await new Promise<void>((resolve, reject) => {
        stdout.write('', (error) => (error ? reject(error) : resolve()));
      });
    },
  };
}

/** Whether an error only says that the reader of our output has gone, as `head` does. */
export function isReaderGone(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}
