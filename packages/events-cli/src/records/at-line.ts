import { EventsError } from '@openedx-ts/events-core';
import { CommandError } from '../command-error.js';
import { JsonTextError } from './json-text.js';

/**
 * Does what a line of the input asks for.
 *
 * @throws CommandError that puts the number of the line before what is wrong with it
 */
export function atLine<Result>(number: number, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const isExpected =
      EventsError.is(cause) || cause instanceof CommandError || cause instanceof JsonTextError;
    if (!isExpected) throw cause;
    throw new CommandError('CLI_INPUT', `line ${number}: ${cause.message}`, { cause });
  }
}
