import { CommanderError } from 'commander';
import { program } from './commands/program.js';
import type { CliIo } from './terminal/cli-io.js';
import { ExitCode } from './terminal/exit-code.js';
import { isReaderClosed } from './terminal/line-writer.js';

/**
 * Runs the command `openedx-events` with these arguments (without the names of program and script). Never rejects and
 * never ends the process.
 *
 * @returns the exit code: 0 done, 1 failure, 2 usage, 3 broker or registry unreachable, 130 interrupted
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const root = program(io);
  try {
    await root.parseAsync(args, { from: 'user' });
    return ExitCode.done;
  } catch (error) {
    if (io.abortSignal.aborted) return ExitCode.interrupted;
    if (isReaderClosed(error)) return ExitCode.done;
    // Commander has already printed what it refused; asking for help or the version is not a failure.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    const { errorText, exitCodeOf } = await import('./report-error.js');
    const { redactor } = await import('./terminal/redact.js');
    io.stderr.write(redactor(io.env)(errorText(error, root.opts<{ debug?: true }>().debug === true)));
    return exitCodeOf(error);
  }
}
