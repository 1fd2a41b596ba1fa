import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { signalModules } from './signal-modules.js';

/** The event types of the catalogue, in the order of the reference. Importing the list loads no event. */
export const catalogEventTypes: readonly string[] = Object.freeze(Object.keys(signalModules));

/**
 * Loads the one event of that type, so that it is registered; no other event is loaded. Loading it twice gives the
 * same signal.
 *
 * @returns undefined when the type is not in the catalogue; it may be a user-defined event
 * @throws DuplicateSignalError (as a rejection) when an event of this type was defined before, and differently
 */
export async function loadCatalogSignal(eventType: string): Promise<OpenEdxPublicSignal | undefined> {
  return Object.hasOwn(signalModules, eventType) ? signalModules[eventType]?.() : undefined;
}
