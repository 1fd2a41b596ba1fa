import { describe, expect, it } from 'vitest';
import { parseCommitMetadata } from './commit-metadata.js';
import { HandledAhead } from './handled-ahead.js';
import { Lane } from './lane.js';

const record = (offset: number) => ({ offset, key: null, value: null, headers: [], sentAt: null, size: 10 });
const records = (...offsets: readonly number[]) => offsets.map(record);

function laneAt(offset: number): Lane {
  return new Lane({ fullTopic: 't', partition: 0, committed: offset, handled: offset });
}

describe('Lane', () => {
  it('commits behind markers of transactions, which never come as records', () => {
    const lane = laneAt(0);
    lane.add(0, records(0, 1), 4); // 2 and 3 are markers
    lane.take(10);
    expect(lane.acknowledge([0])).toBe(1);
    expect(lane.acknowledge([1])).toBe(4);
  });

  it('commits no event that was fetched and not yielded when it is released', () => {
    const lane = laneAt(0);
    lane.add(0, records(0, 1, 2, 3), 4);
    lane.take(2);
    lane.close();
    expect(lane.acknowledge([0, 1])).toBe(2);
    expect(lane.fetchOffset).toBe(2);
  });

  it('commits no event that was yielded and not processed when it is released', () => {
    const lane = laneAt(0);
    lane.add(0, records(0, 1, 2), 3);
    lane.take(3);
    lane.close();
    expect(lane.acknowledge([0])).toBe(1);
  });

  it('ignores what was fetched from an earlier position', () => {
    const lane = laneAt(0);
    lane.add(0, records(0, 1), 2);
    lane.add(0, records(0, 1), 2);
    expect(lane.take(10).map(({ ordinal }) => ordinal)).toStrictEqual([0, 1]);
    lane.moveTo(10);
    lane.add(2, records(2), 3);
    lane.add(10, records(10), 11);
    expect(lane.take(10).map(({ ordinal }) => ordinal)).toStrictEqual([10]);
    lane.close();
    lane.add(11, records(11), 12);
    expect([lane.take(10), lane.bufferedBytes, lane.fetchOffset]).toStrictEqual([[], 0, 11]);
  });

  it('commits nothing for events in flight of a topic that was deleted and created again', () => {
    const lane = laneAt(600);
    lane.add(600, records(600, 601, 602), 603);
    lane.take(2);
    lane.moveTo(0);
    expect(lane.acknowledge([600])).toBe(0);
    lane.add(0, records(0, 1), 2);
    expect(lane.take(10).map(({ ordinal }) => ordinal)).toStrictEqual([602, 0, 1]);
    expect(lane.acknowledge([601, 602])).toBe(0);
    expect(lane.acknowledge([601, 602])).toBe(0); // a commit that is tried again
    expect(lane.acknowledge([0])).toBe(1);
    expect(lane.acknowledge([1])).toBe(2);
  });

  it('goes from one fetched batch to the next', () => {
    const lane = laneAt(5);
    lane.add(5, records(5, 6), 7);
    lane.add(7, [], 9); // nothing but markers
    lane.add(9, records(9), 10);
    expect(lane.bufferedBytes).toBe(30);
    expect(lane.take(10).map(({ position }) => position)).toStrictEqual(['0:5', '0:6', '0:9']);
    expect(lane.bufferedBytes).toBe(0);
  });

  it('keeps the order of fetched batches, wherever taking stopped', () => {
    for (const limit of [1, 2, 3, 4, 5]) {
      const lane = laneAt(0);
      lane.add(0, records(0, 1), 2);
      lane.add(2, records(2, 3), 4);
      const taken = [...lane.take(limit)];
      lane.add(4, records(4, 5), 6);
      taken.push(...lane.take(100));
      expect(taken.map(({ ordinal }) => ordinal)).toStrictEqual([0, 1, 2, 3, 4, 5]);
    }
  });

  it('begins with the first event that was not handed over when it comes again, wherever taking stopped', () => {
    for (const limit of [1, 2, 3, 4]) {
      const lane = laneAt(0);
      lane.add(0, records(0, 1), 2);
      lane.add(2, records(2, 3), 4);
      const taken = lane.take(limit);
      lane.close();
      expect(lane.acknowledge(taken.map(({ ordinal }) => ordinal))).toBe(limit);
    }
  });

  it('knows how far it is behind, once it was fetched', () => {
    const lane = laneAt(5);
    expect(lane.lag).toBeUndefined();
    lane.highWatermark = 8;
    expect(lane.lag).toBe(3);
    lane.add(5, records(5, 6, 7), 8);
    lane.take(10);
    lane.acknowledge([5, 6]);
    expect(lane.lag).toBe(1);
  });

  it('is left alone for longer each time it cannot be read', () => {
    const lane = laneAt(0);
    const delay = (failed: number) => failed * 100;
    for (const delayMs of [100, 200]) {
      expect(lane.defer(delay)).toBe(delayMs);
      expect(lane.mayFetch).toBe(false);
      lane.isDeferred = false;
      expect(lane.mayFetch).toBe(true);
    }
    lane.add(0, records(0), 1);
    expect(lane.defer(delay)).toBe(100);
  });
});

describe('a lane with events that were handled ahead', () => {
  const newLane = (committed: number, handledAhead?: HandledAhead) =>
    new Lane({
      ...{ fullTopic: 't', topicId: 'AQIDBAUGBwgJCgsMDQ4PEA', partition: 0, committed, handled: committed },
      ...(handledAhead === undefined ? {} : { handledAhead }),
    });
  const ahead = HandledAhead.none.add(new Set([6, 7, 9]), [5, 6, 7, 8, 9]);

  it('does not yield them again, and commits behind them', () => {
    const lane = newLane(5, ahead);
    lane.add(5, records(5, 6, 7, 8, 9, 10), 11);
    expect(lane.take(10).map(({ ordinal }) => ordinal)).toStrictEqual([5, 8, 10]);
    expect(lane.acknowledge([5])).toBe(8);
    expect(lane.acknowledge([8])).toBe(10);
    expect(lane.acknowledge([10])).toBe(11);
  });

  it('keeps them in the text of each commit in front of them', () => {
    const lane = newLane(5, ahead);
    lane.add(5, records(5, 6, 7, 8, 9, 10), 11);
    lane.take(10);
    const offset = lane.acknowledge([5]);
    const read = parseCommitMetadata(lane.metadataAt(offset), offset, 10);
    expect([8, 9, 10].filter((one) => read?.handledAhead.has(one))).toStrictEqual([9]);
  });

  it('must commit them when it is released, and no more once that is done', () => {
    const lane = newLane(0);
    lane.written.note(0, lane.metadataAt(0));
    lane.add(0, records(0, 1, 2, 3), 4);
    lane.take(4);
    expect(lane.end()).toBe(false);
    lane.acknowledgeAhead([1, 3]);
    expect(lane.end()).toBe(true);
    lane.written.note(0, lane.metadataAt(0));
    expect(lane.end()).toBe(false);
    const read = parseCommitMetadata(lane.metadataAt(0), 0, 10);
    expect([0, 1, 2, 3].filter((one) => read?.handledAhead.has(one))).toStrictEqual([1, 3]);
  });

  it('forgets them when its topic is shorter than it was read', () => {
    const lane = newLane(5, ahead);
    lane.moveTo(0);
    lane.add(0, records(0, 1, 6), 7);
    expect(lane.take(10).map(({ ordinal }) => ordinal)).toStrictEqual([0, 1, 6]);
  });
});
