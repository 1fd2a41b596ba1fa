import type { Readable, Writable } from 'node:stream';

/** Everything the command touches of the process around it. */
export interface CliIo {
  readonly stdin: Readable;
  /** Data only: JSON lines, or the text that was asked for. */
  readonly stdout: Writable;
  /** Notes and errors. */
  readonly stderr: Writable;
  /** The folder that relative paths and `--require` start from. */
  readonly cwd: string;
  /** Ends the command, which then returns 130. */
  readonly abortSignal: AbortSignal;
}
