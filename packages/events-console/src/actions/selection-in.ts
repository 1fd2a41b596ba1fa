import { InvalidOptionsError } from '@openedx-ts/events-core';
import type { DeadLetterSelection } from '@openedx-ts/events-core/operate';

/**
 * The dead letters that a request names: `code`, `eventType`, `position`, `eventId`, or `all`. `untyped` names
 * those whose headers give no event type.
 *
 * @throws InvalidOptionsError when a value is no text, or both `eventType` and `untyped` are given
 */
export function selectionIn(given: Readonly<Record<string, unknown>>): DeadLetterSelection {
  return {
    code: textIn(given, 'code'),
    eventType: typeIn(given),
    position: textIn(given, 'position'),
    eventId: textIn(given, 'eventId'),
    ...(isSet(given, 'all') ? { all: true } : {}),
  };
}

function typeIn(given: Readonly<Record<string, unknown>>): string | null | undefined {
  const eventType = textIn(given, 'eventType');
  if (!isSet(given, 'untyped')) return eventType;
  if (eventType === undefined) return null;
  const message = 'and eventType: give one of them';
  throw new InvalidOptionsError('dead letters', [{ path: 'untyped', message }]);
}

function isSet(given: Readonly<Record<string, unknown>>, name: 'all' | 'untyped'): boolean {
  return given[name] === true || given[name] === 'true';
}

/** A selection for the audit trail. */
export function selectionFacts({ all, ...filter }: DeadLetterSelection): Readonly<Record<string, string>> {
  const texts = Object.entries(filter).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    ...Object.fromEntries(texts),
    ...(filter.eventType === null ? { untyped: 'untyped' } : {}),
    ...(all === true ? { all: 'all' } : {}),
  };
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
