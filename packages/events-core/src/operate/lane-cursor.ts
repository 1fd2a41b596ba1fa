import { InvalidOptionsError } from '../errors/configuration-errors.js';

/** The text of a cursor that names no lane. */
const NO_LANES = '-';

/**
 * Writes the cursor of a bus with partitions (`TopicBrowser`): an offset for each partition, such as `0:17,1:4`.
 */
export function formatLaneCursor(offsets: ReadonlyMap<number, number>): string {
  if (offsets.size === 0) return NO_LANES;
  return Array.from(offsets, ([partition, offset]) => `${partition}:${offset}`).join(',');
}

/**
 * Reads a cursor that `formatLaneCursor` wrote: the offset of each partition that it names.
 *
 * @param path the option that it was given as, for the error
 * @throws InvalidOptionsError when it is none
 */
export function parseLaneCursor(cursor: string, path: 'before' | 'from'): ReadonlyMap<number, number> {
  if (cursor === NO_LANES) return new Map();
  const parts = cursor.split(',').map((text) => /^(\d{1,10}):(\d{1,15})$/.exec(text));
  if (parts.every((part) => part !== null))
    return new Map(parts.map(([, partition, offset]) => [Number(partition), Number(offset)]));
  const message = 'is no cursor of this bus: pass one that newest or follow gave';
  throw new InvalidOptionsError('messages of a topic', [{ path, message }]);
}
