import { EventsError } from '@openedx-ts/events-core';
import { escapeUnprintable } from '@openedx-ts/events-core/bus';
import { CommandError } from './terminal/command-error.js';
import { escapeLines } from './terminal/escape-lines.js';
import { ExitCode } from './terminal/exit-code.js';

/** Maps a failure to the exit code of the command. */
export function exitCodeOf(error: unknown): ExitCode {
  const { code } = publicErrorOf(isConsumerFailure(error) ? error.cause : error);
  if (code === 'CLI_USAGE' || code === 'EVENTS_INVALID_OPTIONS') return ExitCode.usage;
  if (code === 'CLI_UNREACHABLE' || code === 'EVENTS_INFRASTRUCTURE') return ExitCode.unreachable;
  return ExitCode.failure;
}

/** Some buses check an option only when their consumer runs; its error is then the cause. */
function isConsumerFailure(error: unknown): error is Error {
  return codeOf(error) === 'EVENTS_CONSUMER_FAILED';
}

/** Formats a failure for stderr: its message and its code; with `debug` also its stack and those of its causes. */
export function errorText(error: unknown, debug: boolean): string {
  const { message, code } = publicErrorOf(error);
  const suffix = code === undefined ? '' : ` [${code}]`;
  const hint = code === undefined && !debug ? '\n(--debug prints the stack)' : '';
  return `error: ${escapeUnprintable(message)}${suffix}${hint}\n${debug ? escapeLines(stacks(error)) : ''}`;
}

/** The message and code to print. A command's error that only adds a line number has the code of its cause. */
function publicErrorOf(error: unknown): { readonly message: string; readonly code: string | undefined } {
  if (error instanceof CommandError) {
    const addsPlace = error.code === 'CLI_INPUT' || error.code === 'CLI_REQUIRE';
    const code = addsPlace ? (codeOf(error.cause) ?? error.code) : error.code;
    return { message: error.message, code };
  }
  return { message: error instanceof Error ? error.message : String(error), code: codeOf(error) };
}

/** The code of an error of this project or of a bus. Codes of Node and of clients mean nothing to users. */
function codeOf(error: unknown): string | undefined {
  if (EventsError.is(error)) return error.code;
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && code.startsWith('EVENT_BUS_') ? code : undefined;
}

/** Only the stacks: other properties of clients' errors may contain passwords and payloads. */
function stacks(error: unknown): string {
  let text = '';
  for (let cause = error, depth = 0; cause instanceof Error && depth < 10; cause = cause.cause, depth += 1)
    text += `${depth === 0 ? '' : 'caused by '}${cause.stack ?? cause.message}\n`;
  return text;
}
