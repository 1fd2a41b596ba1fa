import { EventsError } from '@openedx-ts/events-core';
import { CommandError } from '../terminal/command-error.js';
import { JsonTextError } from './json-text.js';

/**
 * Runs the work for a line of the input and adds the line number to its errors.
 *
 * @throws CommandError with the number of the line
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
