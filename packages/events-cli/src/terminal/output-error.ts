import { CommandError } from './command-error.js';
import { isReaderClosed } from './is-reader-closed.js';
import { systemReason } from './system-reason.js';

/** Explains an error of the system about stdout. Another error, and that of a reader which closed it, stay as they are. */
export function outputError(error: unknown): unknown {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (isReaderClosed(error) || typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return error;
  const reason = systemReason(error as NodeJS.ErrnoException);
  return new CommandError('CLI_OUTPUT', `stdout cannot be written: ${reason}`, { cause: error });
}
