import { CommandError } from '../command-error.js';

/** Says that what a bus needs was not there in time, and why, as far as its client knows. */
export function busUnreachable(bus: string, waitMs: number, reasons: readonly string[]): CommandError {
  const why = reasons.length === 0 ? 'no answer' : reasons.join('; ');
  return new CommandError('CLI_UNREACHABLE', `the bus ${bus} is not ready after ${waitMs} ms: ${why}`);
}
