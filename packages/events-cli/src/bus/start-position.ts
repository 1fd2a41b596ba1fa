import { DateTime, type StartPosition } from '@openedx-ts/events-core';
import { CommandError } from '../terminal/command-error.js';

/**
 * Parses `--from`: `resume`, `earliest`, an ISO time with an offset, or else a position of the bus, which contains a
 * digit and is checked by the bus.
 *
 * @throws CommandError naming the choices
 */
export function startPosition(from: string): StartPosition {
  if (from === 'resume' || from === 'earliest') return from;
  if (!/\d/.test(from))
    throw usage(
      `--from ${from}: expected resume (only events sent from now on), earliest, ` +
        'a time such as 2026-01-31T12:00:00Z, or a position of the bus',
    );
  if (!/^\d{4}-\d\d-\d\d/.test(from)) return { position: from };
  const time = timeIn(from);
  if (time === undefined || time.isNaive)
    throw usage(`--from ${from}: expected a time with an offset, such as 2026-01-31T12:00:00Z`);
  return { time };
}

function timeIn(text: string): DateTime | undefined {
  try {
    return DateTime.from(text);
  } catch {
    return undefined;
  }
}

function usage(message: string): CommandError {
  return new CommandError('CLI_USAGE', message);
}
