import { InvalidOptionsError } from '@openedx-ts/events-core';
import type { DeadLetterSelection } from '@openedx-ts/events-core/operate';

/**
 * The dead letters that a request names: `code`, `eventType`, `position`, `eventId`, or `all`. `uncoded` and `untyped` name
 * those whose headers give no code and no event type.
 *
 * @throws InvalidOptionsError when a value is no text, or both a value and its absence are named
 */
export function selectionIn(given: Readonly<Record<string, unknown>>): DeadLetterSelection {
  return {
    code: textOrNone(given, 'code', 'uncoded'),
    eventType: textOrNone(given, 'eventType', 'untyped'),
    position: textIn(given, 'position'),
    eventId: textIn(given, 'eventId'),
    ...(isSet(given, 'all') ? { all: true } : {}),
  };
}

function textOrNone(
  given: Readonly<Record<string, unknown>>,
  path: 'code' | 'eventType',
  absence: 'uncoded' | 'untyped',
): string | null | undefined {
  const text = textIn(given, path);
  if (!isSet(given, absence)) return text;
  if (text === undefined) return null;
  throw new InvalidOptionsError('dead letters', [
    { path: absence, message: `and ${path}: give one of them` },
  ]);
}

function isSet(given: Readonly<Record<string, unknown>>, name: 'all' | 'uncoded' | 'untyped'): boolean {
  return given[name] === true || given[name] === 'true';
}

/** A selection for the audit trail. */
export function selectionFacts({ all, ...filter }: DeadLetterSelection): Readonly<Record<string, string>> {
  const texts = Object.entries(filter).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    ...Object.fromEntries(texts),
    ...(filter.code === null ? { uncoded: 'uncoded' } : {}),
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
