import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { CommandError } from '../command-error.js';
import { knownSignal } from './known-signals.js';

/**
 * The signal of an event type, for commands that work with its schema.
 *
 * @throws CommandError when there is no such type, or when the event may not leave its process and has no schema
 */
export async function signalWithSchema(eventType: string): Promise<OpenEdxPublicSignal> {
  const signal = await knownSignal(eventType);
  if (signal.about.localOnly === undefined) return signal;
  throw new CommandError('CLI_LOCAL_ONLY', withoutSchema(signal));
}

/** Why a signal has no schema, in a sentence. */
export function withoutSchema({ eventType, about }: OpenEdxPublicSignal): string {
  return `${eventType} has no schema: it stays in its process (${about.localOnly})`;
}
