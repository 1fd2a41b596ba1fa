import { InfrastructureError } from '@openedx-ts/events-core';
import { OutcomeUnknownError } from '@openedx-ts/events-core/bus';

/** The error of messages that were not sent because of the error of others, which may be stored. */
export function notSent(error: Error): Error {
  return error instanceof OutcomeUnknownError
    ? new InfrastructureError(error.message, { cause: error })
    : error;
}
