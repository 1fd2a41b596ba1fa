import { CommandError } from '../terminal/command-error.js';

/** The error of a broker or registry that was not reachable within `--wait`, with the client's reasons. */
export function busUnreachable(bus: string, waitMs: number, reasons: readonly string[]): CommandError {
  const why = reasons.length === 0 ? 'no answer' : reasons.join('; ');
  return new CommandError(
    'CLI_UNREACHABLE',
    `the bus ${bus} is not ready after ${waitMs} ms (--wait): ${why}; doctor shows what is wrong`,
  );
}
