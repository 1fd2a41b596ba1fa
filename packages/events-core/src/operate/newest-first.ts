import { bufferedBytes } from '../wire/buffered-bytes.js';
import type { StoredMessage } from './stored-message.js';

/**
 * Merges the newest messages of lanes, newest first: each lane keeps its order, and between lanes the greater time comes
 * first. For buses.
 *
 * @param lanes yield the messages of each lane, the newest first; they are read only as far as needed
 * @returns at most `count` messages; fewer where they exceed 8 MiB, but at least one if there is one
 */
export async function newestFirst(
  lanes: readonly AsyncIterable<StoredMessage>[],
  count: number,
): Promise<readonly StoredMessage[]> {
  const iterators = lanes.map((lane) => lane[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
    const merged: StoredMessage[] = [];
    for (let bytes = 0; merged.length < count && bytes < MAX_BYTES; ) {
      const index = newestOf(heads);
      const newest = heads[index];
      if (newest === undefined || newest.done) break;
      merged.push(newest.value);
      bytes += bufferedBytes(newest.value.message);
      heads[index] = await (iterators[index] as AsyncIterator<StoredMessage>).next();
    }
    return merged;
  } finally {
    await Promise.all(iterators.map((iterator) => iterator.return?.()));
  }
}

const MAX_BYTES = 8 * 1024 * 1024;

/** The index of the newest message; -1 when there is none. */
function newestOf(heads: readonly IteratorResult<StoredMessage>[]): number {
  let found = -1;
  let newest = -Infinity;
  for (const [index, head] of heads.entries()) {
    if (head.done) continue;
    const time = head.value.storedAt ?? -Infinity;
    if (found >= 0 && time <= newest) continue;
    found = index;
    newest = time;
  }
  return found;
}
