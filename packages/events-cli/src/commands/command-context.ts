import type { SignalNames } from '../signals/require-modules.js';
import type { CliIo } from '../terminal/cli-io.js';

/** What every command gets from the program. */
export interface CommandContext {
  readonly io: CliIo;
  /** The names of the signals that modules of `--require` export; known once a command runs. */
  readonly requiredNames: () => SignalNames;
}
