import { InvalidOptionsError } from '@openedx-ts/events-core';
import type { PendingEntry } from './outbox-entry.js';

/** A row as a database returns it. */
export type Row = Readonly<Record<string, unknown>>;

/** The columns of an event, in the order in which statements name them; `position` and `appended_at` come from the database. */
export const eventColumns = [
  'topic',
  'lane',
  'event_type',
  'event_id',
  'event_key',
  'key_bytes',
  'key_schema',
  'record',
  'record_schema',
  'metadata',
] as const;

/**
 * Reads the columns of an event. Nothing of their content is checked: that is the relay's, which parks what is wrong.
 *
 * @throws InvalidOptionsError when the library returns bytes as something else: no row is wrong then
 */
export function entryOf(row: Row): PendingEntry {
  return {
    topic: textOf(row, 'topic'),
    position: bigintOf(row, 'position'),
    lane: numberOf(row, 'lane') ?? 0,
    eventType: textOf(row, 'event_type'),
    eventId: textOf(row, 'event_id'),
    key: textOf(row, 'event_key'),
    keyBytes: bytesOf(row, 'key_bytes'),
    keySchema: textOf(row, 'key_schema'),
    record: bytesOf(row, 'record'),
    recordSchema: textOf(row, 'record_schema'),
    metadata: textOf(row, 'metadata'),
  };
}

/** A column of text. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : String(value ?? '');
}

/** A column of 64-bit integers, which drivers return as text, number or bigint. */
export function bigintOf(row: Row, column: string): bigint {
  return BigInt(row[column] as string | number | bigint);
}

/** A column of numbers; `NULL` is undefined. */
export function numberOf(row: Row, column: string): number | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : Number(value);
}

/** A column of milliseconds since 1970. */
export function dateOf(row: Row, column: string): Date {
  return new Date(numberOf(row, column) ?? Number.NaN);
}

function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  if (value === null || value === undefined) return new Uint8Array();
  const message = `its library returns the bytes of column ${column} as ${typeof value}: remove what parses this type, such as a type parser of pg for bytea, or a typeCast of mysql2`;
  throw new InvalidOptionsError('outbox', [{ path: 'database', message }]);
}
