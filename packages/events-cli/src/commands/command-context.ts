import type { CliIo } from '../cli-io.js';
import type { SignalNames } from '../signals/require-modules.js';

/** What the commands share. */
export interface CommandContext {
  readonly io: CliIo;
  /** The names of the signals that `--require` brought; filled before a command runs. */
  readonly requiredNames: () => SignalNames;
}

/** For options that may be given several times. */
export function appended(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
