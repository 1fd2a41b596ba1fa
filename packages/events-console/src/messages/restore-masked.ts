import type { RecordJson } from '@openedx-ts/events-avro';
import { MASK } from './mask.js';

/**
 * Edited data with the original in place of what was masked and left as it is, so that an event can be edited by somebody who
 * may not see its personal data.
 *
 * @param edited made of `masked`
 * @param masked what was shown of `original`
 */
export function restoreMasked(edited: RecordJson, masked: unknown, original: unknown): RecordJson {
  if (edited === MASK && masked === MASK) return original as RecordJson;
  if (Array.isArray(edited))
    return edited.map((item: RecordJson, index) =>
      restoreMasked(item, partOf(masked, index), partOf(original, index)),
    );
  if (typeof edited !== 'object' || edited === null) return edited;
  const entries = Object.entries(edited).map(([name, item]) => [
    name,
    restoreMasked(item as RecordJson, partOf(masked, name), partOf(original, name)),
  ]);
  return Object.fromEntries(entries) as RecordJson;
}

function partOf(value: unknown, name: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[name];
}
