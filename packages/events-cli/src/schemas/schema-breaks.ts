import {
  type CompatibilityProblem,
  type CompatibilityQuestion,
  checkCompatibility,
} from '@openedx-ts/events-avro';
import { EventsError } from '@openedx-ts/events-core';
import { CommandError } from '../command-error.js';

/** What a change of a schema may break: `full` protects both directions. */
export type CheckMode = NonNullable<CompatibilityQuestion['mode']>;

/** A place where one side can no longer read what the other wrote. */
export type SchemaBreak = Pick<CompatibilityProblem, 'path' | 'direction' | 'message'>;

/** A schema to compare: its text, and where that came from, for errors. */
export interface SchemaSide {
  readonly label: string;
  readonly text: string;
}

/**
 * What breaks when the newer schema takes the place of the older one, in either direction.
 *
 * @throws CommandError when one of them is no Avro schema
 */
export function schemaBreaks(older: SchemaSide, newer: SchemaSide): readonly SchemaBreak[] {
  for (const side of [older, newer]) mustBeSchema(side);
  return checkCompatibility({ old: older.text, new: newer.text }).problems;
}

/** A break in words: the field, the direction, the reason. */
export function breakText({ direction, message }: SchemaBreak): string {
  const effect =
    direction === 'backward' ? 'new code cannot read old events' : 'old code cannot read new events';
  return `breaks ${direction} compatibility, ${effect} (${message})`;
}

function mustBeSchema({ label, text }: SchemaSide): void {
  try {
    checkCompatibility({ old: text, new: text });
  } catch (cause) {
    if (!EventsError.is(cause)) throw cause;
    const { issues } = cause as { readonly issues?: readonly { readonly message: string }[] };
    const reason = issues?.[0]?.message ?? cause.message;
    throw new CommandError('CLI_FILE', `${label}: no Avro schema: ${reason}`, { cause });
  }
}
