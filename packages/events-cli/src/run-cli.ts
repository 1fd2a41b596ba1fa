import { CommanderError } from 'commander';
import { program } from './commands/program.js';
import type { CliIo } from './terminal/cli-io.js';
import { ExitCode } from './terminal/exit-code.js';
import { isReaderClosed } from './terminal/is-reader-closed.js';

/**
 * Runs the command `openedx-events` with these arguments (without the names of program and script). Never rejects and
 * never ends the process.
 *
 * @returns the exit code: 0 done, 1 failure, 2 usage, 3 broker, registry or database unreachable, 130 interrupted:
 *   within two seconds of an interrupt, whether or not the broker answers
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const root = program(io);
  try {
    const isDone = await untilInterrupted(root.parseAsync(args, { from: 'user' }), io.abortSignal);
    return isDone ? ExitCode.done : ExitCode.interrupted;
  } catch (error) {
    if (io.abortSignal.aborted) return ExitCode.interrupted;
    if (isReaderClosed(error)) return ExitCode.done;
    // Commander has already printed what it refused; asking for help or the version is not a failure.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
    const { errorText, exitCodeOf } = await import('./report-error.js');
    const { redactor } = await import('./terminal/redact.js');
    io.stderr.write(redactor(io.env, args)(errorText(error, root.opts<{ debug?: true }>().debug === true)));
    return exitCodeOf(error);
  }
}

/**
 * Waits for a command, and after an interrupt at most `INTERRUPT_MS`: a broker that does not answer must not hold it.
 *
 * @returns whether the command has ended
 */
async function untilInterrupted(command: Promise<unknown>, abortSignal: AbortSignal): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const interrupted = new Promise<false>((resolve) => {
    onAbort = () => {
      if (abortSignal.reason !== 'SIGTERM') timer = setTimeout(() => resolve(false), INTERRUPT_MS);
    };
    if (abortSignal.aborted) onAbort();
    else abortSignal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([command.then(() => true as const), interrupted]);
  } finally {
    clearTimeout(timer);
    abortSignal.removeEventListener('abort', onAbort);
  }
}

/** From Ctrl-C to the end, in milliseconds. A SIGTERM has the time that the process manager gives. */
const INTERRUPT_MS = 1_700;
