import { inspect } from 'node:util';
import { EventsError } from '@openedx-ts/events-core';
import { CommandError } from './command-error.js';
import { ExitCode } from './exit-code.js';

/** What a failure means for the exit code. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError && error.code === 'CLI_USAGE') return ExitCode.usage;
  return blamed(error).code === 'EVENTS_INFRASTRUCTURE' ? ExitCode.unreachable : ExitCode.failure;
}

/** A failure as text for stderr: the message and its code; with `debug` also stacks and causes. */
export function errorText(error: unknown, debug: boolean): string {
  const { message, code } = blamed(error);
  const suffix = code === undefined ? '' : ` [${code}]`;
  const hint = code === undefined && !debug ? '\n(--debug shows where it comes from)' : '';
  return `error: ${message}${suffix}${hint}\n${debug ? `${inspect(error)}\n` : ''}`;
}

/** A command's error that only adds the place to a typed error is known by the code of that one. */
function blamed(error: unknown): { readonly message: string; readonly code: string | undefined } {
  if (error instanceof CommandError) {
    const isPlace = error.code === 'CLI_INPUT' || error.code === 'CLI_REQUIRE';
    const code = isPlace && EventsError.is(error.cause) ? error.cause.code : error.code;
    return { message: error.message, code };
  }
  if (EventsError.is(error)) return error;
  return { message: error instanceof Error ? error.message : String(error), code: undefined };
}
