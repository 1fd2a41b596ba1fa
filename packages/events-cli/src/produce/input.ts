import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { systemReason } from '../terminal/system-reason.js';

/** The input of a command. */
export interface Input {
  readonly stream: Readable;
  /** The part that was read, from 0 to 1; undefined when the length is unknown. */
  readonly share: () => number | undefined;
}

/**
 * Opens a file, or stdin when `file` is undefined.
 *
 * @throws CommandError when the file cannot be read
 */
export function inputFrom(file: string | undefined, { stdin, cwd }: CliIo): Input {
  if (file === undefined) return { stream: stdin, share: () => undefined };
  const path = resolve(cwd, file);
  try {
    const about = statSync(path);
    if (about.isDirectory()) throw new Error('it is a folder');
    const stream = createReadStream(path);
    const share = () => (about.size > 0 ? stream.bytesRead / about.size : undefined);
    return { stream, share: about.isFile() ? share : () => undefined };
  } catch (cause) {
    const reason = systemReason(cause as NodeJS.ErrnoException);
    throw new CommandError('CLI_FILE', `${file} cannot be read: ${reason}`, { cause });
  }
}
