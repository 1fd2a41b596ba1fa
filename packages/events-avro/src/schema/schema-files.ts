import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { pythonJsonIndented } from './python-json.js';
import { schemaOf } from './schema-of.js';

/** Returns the file name that the reference gives to the schema of an event type: dots become `+`. */
export function schemaFileName(eventType: string): string {
  return `${eventType.replaceAll('.', '+')}_schema.avsc`;
}

/**
 * Formats the schema of a signal as the reference's schema files: JSON with an indent of two, unsorted keys, and a newline
 * at the end.
 *
 * @throws LocalOnlyError when the signal must stay in its process
 */
export function schemaFileText(signal: OpenEdxPublicSignal): string {
  return `${pythonJsonIndented(schemaOf(signal).json)}\n`;
}
