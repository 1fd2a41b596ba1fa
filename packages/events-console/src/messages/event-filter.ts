import { InvalidOptionsError } from '@openedx-ts/events-core';
import { headerLines } from './header-lines.js';
import { jsonText } from './json-text.js';
import { MASK } from './mask.js';
import { isInRange, type PositionRange, positionRange } from './position-range.js';
import type { ReadMessage } from './read-message.js';

/** Which events are shown: those that meet every condition. */
export interface EventFilter {
  /** Part of the event type. */
  readonly type: string | undefined;
  /** A header, and part of its value. */
  readonly header: readonly [name: string, part: string] | undefined;
  /** The dotted path of a field, and its value. */
  readonly field: readonly [path: string, value: string] | undefined;
  /** Part of the id or the data. */
  readonly text: string | undefined;
  /** Stored at this time or later, in milliseconds since 1970. */
  readonly since: number | undefined;
  /** Stored before this time. */
  readonly until: number | undefined;
  /** Where it is stored. */
  readonly position: PositionRange | undefined;
}

/**
 * Reads the filter of a request from its query: `type`, `header` (`name=part`), `field` (`path=value`), `text`, `since`,
 * `until`, `position` (`0:17`, `0:17..0:40`).
 *
 * @throws InvalidOptionsError
 */
export function eventFilter(query: URLSearchParams): EventFilter {
  const given = (name: string) => query.get(name)?.trim().slice(0, MAX_LENGTH) || undefined;
  return {
    type: given('type'),
    header: pairIn('header', given('header')),
    field: pairIn('field', given('field')),
    text: given('text'),
    since: timeIn('since', given('since')),
    until: timeIn('until', given('until')),
    position: rangeIn('position', given('position')),
  };
}

/** Whether a filter has any condition. */
export function isFiltering(filter: EventFilter): boolean {
  return Object.values(filter).some((condition) => condition !== undefined);
}

/** Whether an event meets every condition. It sees what is shown: a masked value meets none. */
export function isWanted(
  read: ReadMessage,
  { type, header, field, text, since, until, position }: EventFilter,
): boolean {
  const { storedAt, message } = read.stored;
  if (type !== undefined && read.eventType?.includes(type) !== true) return false;
  if (since !== undefined && (storedAt === null || storedAt < since)) return false;
  if (until !== undefined && (storedAt === null || storedAt >= until)) return false;
  if (position !== undefined && !isInRange(read.stored.position, position)) return false;
  if (header !== undefined) {
    const lines = headerLines(message.headers, false, read.masked);
    const [name, part] = header;
    if (!lines.some((line) => line.name === name && !line.isMasked && line.value?.includes(part) === true))
      return false;
  }
  if (field !== undefined && !hasField(read.data, field)) return false;
  return text === undefined || textsOf(read).some((shown) => shown.includes(text));
}

function textsOf({ id, data }: ReadMessage): readonly string[] {
  const shown = data === undefined ? '' : jsonText(data, 0).replaceAll(`"${MASK}"`, '');
  return [id ?? '', shown];
}

function hasField(data: object | undefined, [path, value]: readonly [string, string]): boolean {
  let found: unknown = data;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return false;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  if (found === MASK || typeof found === 'object') return found === null && value === 'null';
  return String(found) === value;
}

function pairIn(path: string, text: string | undefined): readonly [string, string] | undefined {
  if (text === undefined) return undefined;
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new InvalidOptionsError('filter', [{ path, message: 'expected name=value' }]);
}

function rangeIn(path: string, text: string | undefined): PositionRange | undefined {
  if (text === undefined) return undefined;
  const range = positionRange(text);
  if (range !== undefined) return range;
  throw new InvalidOptionsError('filter', [
    { path, message: 'expected a position, such as 0:17, or a range, such as 0:17..0:40 or 0:17..' },
  ]);
}

function timeIn(path: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new InvalidOptionsError('filter', [
    { path, message: 'expected a time, such as 2026-01-31T12:00:00Z' },
  ]);
}

const MAX_LENGTH = 1_000;
