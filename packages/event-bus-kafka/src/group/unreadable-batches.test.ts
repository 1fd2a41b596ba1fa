import { InfrastructureError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { MissingCodecError } from '../driver/compression/missing-codec-error.js';
import { IncompleteBatchError } from '../driver/protocol/record-batch.js';
import { Lane } from './lane.js';
import { UnreadableBatchError } from './unreadable-batch-error.js';
import { UnreadableBatches } from './unreadable-batches.js';

const damaged = { firstOffset: 5, lastOffset: 7, error: new RangeError('the bytes end too early') };

describe('UnreadableBatches', () => {
  it('hand over a batch that stays damaged as one delivery that cannot be read, and go on behind it', () => {
    const lane = new Lane({ fullTopic: 'orders', partition: 3, committed: 5, handled: 5 });
    const batches = new UnreadableBatches('fail');
    for (let tries = 1; tries < 3; tries += 1) {
      const failure = batches.accept(lane, damaged, 10);
      expect(failure).toBeInstanceOf(InfrastructureError);
      expect(failure?.message).toBe(
        'Topic orders: partition 3 cannot be read from offset 5 on: the bytes end too early',
      );
      expect(lane.hasNext).toBe(false);
    }
    expect(batches.accept(lane, damaged, 10)).toBeUndefined();
    const [delivery] = lane.take(5);
    expect(delivery).toMatchObject({ ordinal: 7, position: '3:5', message: { value: null } });
    expect(delivery?.unreadable).toBeInstanceOf(UnreadableBatchError);
    expect(delivery?.unreadable?.message).toContain('offsets 5 to 7 of topic orders, partition 3');
    expect(lane.fetchOffset).toBe(8);
    expect(lane.acknowledge([7])).toBe(8);
  });

  it.each([4, 10, 2 ** 40])(
    'skip one offset when the batch claims an end that cannot be: %i',
    (lastOffset) => {
      const lane = new Lane({ fullTopic: 'orders', partition: 3, committed: 5, handled: 5 });
      const batches = new UnreadableBatches('fail');
      for (let tries = 1; tries <= 3; tries += 1) batches.accept(lane, { ...damaged, lastOffset }, 10);
      expect(lane.fetchOffset).toBe(6);
    },
  );

  it.each([new MissingCodecError('is missing'), new IncompleteBatchError()])(
    'hold the partition as long as somebody may make the batch readable: %s',
    (error) => {
      const lane = new Lane({ fullTopic: 'orders', partition: 3, committed: 5, handled: 5 });
      const batches = new UnreadableBatches('fail');
      for (let tries = 1; tries <= 10; tries += 1)
        expect(batches.accept(lane, { ...damaged, error }, 10)).toBeInstanceOf(InfrastructureError);
      expect([lane.hasNext, lane.fetchOffset]).toStrictEqual([false, 5]);
    },
  );

  it('hold the partition at a damaged batch, where that is wanted', () => {
    const lane = new Lane({ fullTopic: 'orders', partition: 3, committed: 5, handled: 5 });
    const batches = new UnreadableBatches('hold');
    for (let tries = 1; tries <= 10; tries += 1)
      expect(batches.accept(lane, damaged, 10)).toBeInstanceOf(InfrastructureError);
    expect([lane.hasNext, lane.fetchOffset]).toStrictEqual([false, 5]);
  });

  it('count the tries of each batch', () => {
    const lane = new Lane({ fullTopic: 'orders', partition: 3, committed: 5, handled: 5 });
    const batches = new UnreadableBatches('fail');
    for (let tries = 1; tries <= 3; tries += 1) batches.accept(lane, damaged, 20);
    const next = { ...damaged, firstOffset: 8, lastOffset: 9 };
    expect(batches.accept(lane, next, 20)).toBeInstanceOf(InfrastructureError);
  });
});
