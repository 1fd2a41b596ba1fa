import { describe, expect, it } from 'vitest';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { readBackwards } from './read-backwards.js';
import { RemovedOffsets } from './removed-offsets.js';

/** A partition that holds records at some of its offsets; a fetch returns at most 500 offsets. */
function partition(holds: (offset: number) => boolean, valueBytes = 10) {
  const fetches: number[] = [];
  const driver = {
    fetch: async (_: number, [position]: readonly { readonly offset: number }[]) => {
      const from = position?.offset ?? 0;
      fetches.push(from);
      const offsets = Array.from({ length: 500 }, (_, index) => from + index).filter(holds);
      const records = offsets.map((offset) => ({
        ...{ offset, key: null, value: new Uint8Array(valueBytes), headers: [] },
        ...{ sentAt: offset, size: valueBytes },
      }));
      return [{ errorCode: 0, records, nextOffset: from + 500 }];
    },
  } as unknown as KafkaDriver;
  const read = async (count: number, first: number, end: number) => {
    const range = { fullTopic: 't', partition: 0, leader: 1, first, end, gone: RemovedOffsets.of(undefined) };
    const found: number[] = [];
    for await (const { storedAt } of readBackwards(driver, range)) {
      found.push(storedAt ?? -1);
      if (found.length === count) break;
    }
    return found;
  };
  return { read, fetches };
}

describe('readBackwards', () => {
  it('reads the newest of a million records with a single fetch near the end', async () => {
    const { read, fetches } = partition(() => true);
    expect(await read(3, 0, 1_000_000)).toEqual([999_999, 999_998, 999_997]);
    expect(fetches).toEqual([999_984]);
  });

  it('reads every record once, from the last to the first', async () => {
    const { read } = partition(() => true);
    expect(await read(Infinity, 7, 3_000)).toEqual(
      Array.from({ length: 2_993 }, (_, index) => 2_999 - index),
    );
  });

  it('passes over the gaps of a compacted topic in growing steps', async () => {
    const { read, fetches } = partition((offset) => offset === 5);
    expect(await read(1, 0, 10_000)).toEqual([5]);
    expect(fetches.length).toBeLessThan(50);
  });

  it('skips no record where it keeps only the newest of a window, because they are large', async () => {
    const { read } = partition((offset) => offset % 10 === 0, 3 * 1024 * 1024);
    expect(await read(Infinity, 0, 100)).toEqual([90, 80, 70, 60, 50, 40, 30, 20, 10, 0]);
  });
});
