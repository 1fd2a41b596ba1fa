import type { Readable, Writable } from 'node:stream';
import type { Environment } from '@openedx-ts/events-core';

/** Everything the command touches of the process around it. */
export interface CliIo {
  readonly stdin: Readable;
  /** Data only: JSON lines, or the text that was asked for. */
  readonly stdout: Writable;
  /** Notes and errors. */
  readonly stderr: Writable;
  /** The folder that relative paths and `--require` start from. */
  readonly cwd: string;
  /** Where the commands that speak to a broker find its settings. @defaultValue none */
  readonly env?: Environment;
  /** Ends the command, which then returns 130; `consume` returns 0 when the reason is `'SIGTERM'`. */
  readonly abortSignal: AbortSignal;
}
