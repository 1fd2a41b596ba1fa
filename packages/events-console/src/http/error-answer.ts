import { EventsError, InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { ErrorAnswer } from '../answers/action-answers.js';
import { ConsoleError } from '../errors/console-error.js';
import { shownText } from '../messages/shown-text.js';

/** The answer to a request that failed; what is no error of these packages is only logged. */
export function errorAnswer(error: unknown): { readonly status: ErrorStatus; readonly body: ErrorAnswer } {
  if (error instanceof ConsoleError)
    return { status: error.status, body: { code: error.code, message: error.message } };
  if (EventsError.is(error)) {
    const body = { code: error.code, message: shownText(error.message) ?? '' };
    if (error instanceof InfrastructureError) return { status: 503, body };
    return { status: STATUS[error.code] ?? 422, body };
  }
  runtime().logger.error({ err: reasonOf(error) }, 'console: a request failed');
  const message = 'the request failed: the reason is in the log of the process that serves the console';
  return { status: 500, body: { code: 'CONSOLE_FAILED', message } };
}

type ErrorStatus = ConsoleError['status'] | 422 | 500 | 502 | 503;

const STATUS: Readonly<Record<string, ErrorStatus>> = {
  EVENTS_INVALID_OPTIONS: 400,
  EVENTS_ILLEGAL_STATE: 409,
  EVENTS_PRODUCE_FAILED: 502,
};
