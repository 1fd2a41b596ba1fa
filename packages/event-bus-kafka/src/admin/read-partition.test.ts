import { describe, expect, it } from 'vitest';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { readPartition } from './read-partition.js';
import { RemovedOffsets } from './removed-offsets.js';

/** A partition of a hundred records of which the broker keeps those from an offset on; a fetch returns ten. */
function reading(kept: number) {
  const driver = {
    fetch: async (_: number, [position]: readonly { readonly offset: number }[]) => {
      const from = position?.offset ?? 0;
      if (from < kept || from > 100) return [{ errorCode: 1, records: [] }];
      const records = Array.from({ length: 10 }, (_record, index) => ({
        ...{ offset: from + index, key: null, value: null, headers: [], sentAt: 0 },
      }));
      return [{ errorCode: 0, records, nextOffset: from + 10 }];
    },
    listOffsets: async () => new Map([[0, kept]]),
  } as unknown as KafkaDriver;
  return async (first: number, end: number) => {
    const range = { fullTopic: 't', partition: 0, leader: 1, first, end, gone: RemovedOffsets.of(undefined) };
    const found: string[] = [];
    for await (const page of readPartition(driver, range))
      found.push(...page.map(({ position }) => position));
    return found;
  };
}

describe('readPartition', () => {
  it('goes on with the oldest record that is left where the broker has deleted some since', async () => {
    const found = await reading(42)(0, 100);
    expect([found.length, found[0], found.at(-1)]).toEqual([58, '0:42', '0:99']);
    expect(await reading(42)(0, 30)).toEqual([]);
  });

  it('fails where the partition has become shorter', async () => {
    await expect(reading(0)(200, 300)).rejects.toThrow('t/0 cannot be read at 200');
  });
});
