import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { pythonJsonIndented } from './python-json.js';
import { schemaOf } from './schema-of.js';

/** The name under which the reference stores the schema of an event type: dots become `+`. */
export function schemaFileName(eventType: string): string {
  return `${eventType.replaceAll('.', '+')}_schema.avsc`;
}

/**
 * What the reference stores in such a file: JSON with an indent of two, keys unsorted, and a newline at the end.
 *
 * @throws LocalOnlyError when the signal may not leave its process
 */
export function schemaFileText(signal: OpenEdxPublicSignal): string {
  return `${pythonJsonIndented(schemaOf(signal).json)}\n`;
}
