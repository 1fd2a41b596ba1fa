import { InvalidOptionsError } from '@openedx-ts/events-core';
import type { DeadLetterSelection } from '@openedx-ts/events-core/operate';

/**
 * The dead letters that a request names: `code`, `eventType`, `position`, `eventId`, or `all`.
 *
 * @throws InvalidOptionsError when a value is no text
 */
export function selectionIn(given: Readonly<Record<string, unknown>>): DeadLetterSelection {
  return {
    code: textIn(given, 'code'),
    eventType: textIn(given, 'eventType'),
    position: textIn(given, 'position'),
    eventId: textIn(given, 'eventId'),
    ...(given.all === true || given.all === 'true' ? { all: true } : {}),
  };
}

/** A selection for the audit trail. */
export function selectionFacts({ all, ...filter }: DeadLetterSelection): Readonly<Record<string, string>> {
  const texts = Object.entries(filter).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { ...Object.fromEntries(texts), ...(all === true ? { all: 'all' } : {}) };
}

function textIn(given: Readonly<Record<string, unknown>>, path: string): string | undefined {
  const value = given[path];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.length <= MAX_LENGTH) return value;
  throw new InvalidOptionsError('dead letters', [
    { path, message: `must be a text of at most ${MAX_LENGTH} characters` },
  ]);
}

const MAX_LENGTH = 1_000;
