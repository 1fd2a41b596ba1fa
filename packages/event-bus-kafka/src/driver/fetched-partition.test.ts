import { describe, expect, it } from 'vitest';
import { decodeFetched } from './fetched-partition.js';

const fetched = (batches: Buffer) => ({
  topicOrId: 'an id',
  partition: 2,
  errorCode: 0,
  highWatermark: 12,
  aborted: [],
  batches,
});
const position = { topic: 't', topicId: 'an id', partition: 2, offset: 5, maxBytes: 1 };

describe('decodeFetched', () => {
  it('names the topic as the request did', async () => {
    expect(await decodeFetched([fetched(Buffer.alloc(0))], [position])).toStrictEqual([
      {
        topic: 't',
        partition: 2,
        errorCode: 0,
        highWatermark: 12,
        firstBatchAt: null,
        records: [],
        nextOffset: undefined,
      },
    ]);
  });

  it('reports bytes that are no record batches with the partition', async () => {
    const garbage = Buffer.alloc(80, 0x7f);
    garbage.writeInt32BE(68, 8); // the length that the batch claims
    const [decoded] = await decodeFetched([fetched(garbage)], [position]);
    expect(decoded).toMatchObject({
      records: [],
      nextOffset: undefined,
      unreadable: { firstOffset: expect.any(Number), error: expect.any(Error) },
    });
  });
});
