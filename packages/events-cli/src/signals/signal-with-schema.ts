import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { CommandError } from '../terminal/command-error.js';
import { knownSignal } from './known-signals.js';

/**
 * Finds the signal of an event type, for commands that work with its schema.
 *
 * @throws CommandError when the type is unknown, or the event is local-only and has no schema
 */
export async function signalWithSchema(eventType: string): Promise<OpenEdxPublicSignal> {
  const signal = await knownSignal(eventType);
  if (signal.about.localOnly === undefined) return signal;
  throw new CommandError('CLI_LOCAL_ONLY', noSchemaReason(signal));
}

/** Explains why a local-only signal has no schema. */
export function noSchemaReason({ eventType, about }: OpenEdxPublicSignal): string {
  return `${eventType} has no schema because it must stay in its process: ${about.localOnly}`;
}
