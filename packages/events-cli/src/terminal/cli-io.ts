import type { Readable, Writable } from 'node:stream';
import type { Environment } from '@openedx-ts/events-core';

/** Everything the command uses of the process around it. */
export interface CliIo {
  readonly stdin: Readable;
  /** Data only: JSON lines, or the requested text. */
  readonly stdout: Writable;
  /** Notes and errors. */
  readonly stderr: Writable;
  /** The folder that relative paths and `--require` start from. */
  readonly cwd: string;
  /** Settings of the buses and the broker. @defaultValue none */
  readonly env?: Environment;
  /** Ends the command with exit code 130; `consume` ends with 0 when the reason is `'SIGTERM'`. */
  readonly abortSignal: AbortSignal;
}
