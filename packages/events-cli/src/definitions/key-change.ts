import { keySchema } from './definition-schema.js';
import type { EventDefinition } from './event-definition.js';

/**
 * Why events get another key than before, and so another partition or order; undefined when keys stay. A definition
 * without `eventKeyField` leaves the key to the routes.
 */
export function keyChange(before: EventDefinition, after: EventDefinition): string | undefined {
  const [old, now] = [before.key_field, after.key_field];
  if (old === null || now === null) return undefined;
  if (old !== now) return `eventKeyField was ${old} and is ${now}`;
  return keySchema(before) === keySchema(after)
    ? undefined
    : `the type of ${old} changed, and with it the bytes of the key and the partition`;
}
