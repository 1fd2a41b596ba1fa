import {
  type CompatibilityProblem,
  type CompatibilityQuestion,
  checkCompatibility,
} from '@openedx-ts/events-avro';
import { EventsError } from '@openedx-ts/events-core';
import { CommandError } from '../terminal/command-error.js';

/** The direction of compatibility that a check protects; `full` protects both. */
export type CheckMode = NonNullable<CompatibilityQuestion['mode']>;

/** A place where code with one schema cannot read events written with the other. */
export type SchemaBreak = Pick<CompatibilityProblem, 'path' | 'direction' | 'message'>;

/** A schema to compare: its text, and its file or event type for messages. */
export interface SchemaSide {
  readonly label: string;
  readonly text: string;
}

/**
 * Lists what breaks, in either direction, when the newer schema replaces the older one.
 *
 * @throws CommandError when one of them is not an Avro schema
 */
export function schemaBreaks(older: SchemaSide, newer: SchemaSide): readonly SchemaBreak[] {
  for (const side of [older, newer]) assertSchema(side);
  return checkCompatibility({ old: older.text, new: newer.text }).problems;
}

/** Formats a break: its direction and the reason. */
export function breakText({ direction, message }: SchemaBreak): string {
  const effect =
    direction === 'backward' ? 'new code cannot read old events' : 'old code cannot read new events';
  return `breaks ${direction} compatibility, ${effect} (${message})`;
}

function assertSchema({ label, text }: SchemaSide): void {
  try {
    checkCompatibility({ old: text, new: text });
  } catch (cause) {
    if (!EventsError.is(cause)) throw cause;
    const { issues } = cause as { readonly issues?: readonly { readonly message: string }[] };
    const reason = issues?.[0]?.message ?? cause.message;
    throw new CommandError('CLI_FILE', `${label}: not an Avro schema: ${reason}`, { cause });
  }
}
