import { EventsError } from '@openedx-ts/events-core';
import { CommandError } from './command-error.js';
import { ExitCode } from './exit-code.js';

/** What a failure means for the exit code. */
export function exitCodeOf(error: unknown): ExitCode {
  const { code } = blamed(isConsumerFailure(error) ? error.cause : error);
  if (code === 'CLI_USAGE' || code === 'EVENTS_INVALID_OPTIONS') return ExitCode.usage;
  if (code === 'CLI_UNREACHABLE' || code === 'EVENTS_INFRASTRUCTURE') return ExitCode.unreachable;
  return ExitCode.failure;
}

/** Some buses refuse an option only when their consumer runs. */
function isConsumerFailure(error: unknown): error is Error {
  return codeOf(error) === 'EVENTS_CONSUMER_FAILED';
}

/** A failure as text for stderr: the message and its code; with `debug` also the stacks, causes included. */
export function errorText(error: unknown, debug: boolean): string {
  const { message, code } = blamed(error);
  const suffix = code === undefined ? '' : ` [${code}]`;
  const hint = code === undefined && !debug ? '\n(--debug shows where it comes from)' : '';
  return `error: ${message}${suffix}${hint}\n${debug ? stacks(error) : ''}`;
}

/** A command's error that only adds the place to a typed error is known by the code of that one. */
function blamed(error: unknown): { readonly message: string; readonly code: string | undefined } {
  if (error instanceof CommandError) {
    const isPlace = error.code === 'CLI_INPUT' || error.code === 'CLI_REQUIRE';
    const code = isPlace ? (codeOf(error.cause) ?? error.code) : error.code;
    return { message: error.message, code };
  }
  return { message: error instanceof Error ? error.message : String(error), code: codeOf(error) };
}

/** The code of an error of ours, buses' included; those of Node and of others say nothing to users. */
function codeOf(error: unknown): string | undefined {
  if (EventsError.is(error)) return error.code;
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && code.startsWith('EVENT_BUS_') ? code : undefined;
}

/** Stacks alone: other properties of clients' errors hold passwords and payloads. */
function stacks(error: unknown): string {
  let text = '';
  for (let cause = error, depth = 0; cause instanceof Error && depth < 10; cause = cause.cause, depth += 1)
    text += `${depth === 0 ? '' : 'caused by '}${cause.stack ?? cause.message}\n`;
  return text;
}
