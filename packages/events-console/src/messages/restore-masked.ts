import type { RecordJson } from '@openedx-ts/events-avro';
import { ConsoleError } from '../errors/console-error.js';
import { jsonText } from './json-text.js';
import { MASK } from './mask.js';

/**
 * Edited data with the original in place of what was masked and left as it is, so that an event can be edited by somebody who
 * may not see its personal data.
 *
 * @param edited made of `masked`
 * @param masked what was shown of `original`
 * @throws ConsoleError where items of a list were added, removed or moved, so that nobody knows to which a masked value belongs
 */
export function restoreMasked(edited: RecordJson, masked: unknown, original: unknown): RecordJson {
  if (edited === MASK && masked === MASK) return original as RecordJson;
  if (Array.isArray(edited)) return restoreItems(edited, Array.isArray(masked) ? masked : [], original);
  if (typeof edited !== 'object' || edited === null) return edited;
  const entries = Object.entries(edited).map(([name, item]) => [
    name,
    restoreMasked(item as RecordJson, partOf(masked, name), partOf(original, name)),
  ]);
  return Object.fromEntries(entries) as RecordJson;
}

/** An item is the one of the original that looks like it, or has its place. */
function restoreItems(edited: readonly RecordJson[], masked: readonly unknown[], original: unknown) {
  const [now, before] = [edited, masked].map((items) => items.map((item) => jsonText(item, 0)));
  const isSame = edited.length === masked.length;
  const origins = now?.map((text, index) => {
    if (isSame && before?.[index] === text) return index;
    const alike = before?.flatMap((other, at) => (other === text ? [at] : [])) ?? [];
    return alike.length === 1 ? alike[0] : undefined;
  });
  return edited.map((item, index) => {
    const isFree = isSame && origins?.includes(index) !== true;
    const origin = origins?.[index] ?? (isFree ? index : undefined);
    if (origin !== undefined) return restoreMasked(item, masked[origin], partOf(original, origin));
    if (now?.[index]?.includes(`"${MASK}"`) !== true) return item;
    const message =
      'items of a list with masked values were added, removed or moved: leave that list as it was, or write out its values';
    throw new ConsoleError(400, 'CONSOLE_BODY', message);
  });
}

function partOf(value: unknown, name: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[name];
}
