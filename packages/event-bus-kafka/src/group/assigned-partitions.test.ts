import { describe, expect, it } from 'vitest';
import { AssignedPartitions } from './assigned-partitions.js';
import { Bell } from './bell.js';
import type { Lane } from './lane.js';

const record = (offset: number) => ({ offset, key: null, value: null, headers: [], sentAt: null, size: 10 });
const records = (count: number) => Array.from({ length: count }, (_, offset) => record(offset));

const at = (partition: number, offset: number, metadata: string | null = null) => ({
  fullTopic: 't',
  topicId: undefined,
  partition,
  offset,
  metadata,
});

function lanesOf(
  drainLane: (lane: string) => Promise<void> = async () => {},
  commitCounts: (lane: Lane) => Promise<void> | undefined = () => undefined,
  waiting = (lanes: AssignedPartitions, lane: string) => lanes.get(lane)?.inFlight ?? 0,
  bytesIn: (lane: string) => number = () => 0,
) {
  const lanes: AssignedPartitions = new AssignedPartitions({
    bell: new Bell(),
    maxBufferedEvents: 10,
    maxUnacknowledgedEvents: 8,
    waitingIn: (lane) => waiting(lanes, lane),
    bytesIn,
    maxBufferedBytes: 1_000,
    maxBytesPerPartition: 100,
    ackEvery: 100,
    maxDeliveries: 10,
    drainLane,
    commitCounts,
  });
  return lanes;
}

describe('AssignedPartitions', () => {
  it('gives each lane its share of the events in flight, and more once they are acknowledged', () => {
    const lanes = lanesOf();
    lanes.assign(at(0, 0));
    lanes.assign(at(1, 0));
    lanes.get('t:0')?.add(0, records(20), 20);
    expect(lanes.take().map(({ ordinal }) => ordinal)).toStrictEqual([0, 1, 2, 3, 4]);
    lanes.get('t:1')?.add(0, records(1), 1);
    expect(lanes.take().map(({ lane }) => lane)).toStrictEqual(['t:1']);
    lanes.get('t:0')?.acknowledge([0, 1]);
    lanes.get('t:0')?.acknowledge([0, 1]); // a commit that is tried again
    expect(lanes.take().map(({ ordinal }) => ordinal)).toStrictEqual([5, 6]);
  });

  it('gives a lane more while its events are handled, up to what may wait to be acknowledged', () => {
    const lanes = lanesOf(undefined, undefined, () => 0);
    lanes.assign(at(0, 0));
    lanes.assign(at(1, 0));
    lanes.get('t:0')?.add(0, records(20), 20);
    expect([lanes.take().length, lanes.take().length, lanes.take().length]).toStrictEqual([5, 4, 0]);
  });

  it('does not bring again what this process handled, when only the commit was lost', () => {
    const lanes = lanesOf();
    lanes.assign(at(0, 0));
    lanes.get('t:0')?.add(0, records(5), 5);
    lanes.take();
    lanes.get('t:0')?.acknowledge([0, 1, 2]);
    lanes.drop();
    lanes.assign(at(0, 0));
    expect(lanes.get('t:0')?.fetchOffset).toBe(3);
    lanes.drop();
    lanes.assign(at(0, 1)); // somebody else was there, or moved the group
    expect(lanes.get('t:0')?.fetchOffset).toBe(1);
  });

  it('leaves out lanes that are paused or have enough, and reports that of the latter', () => {
    const lanes = lanesOf();
    lanes.assign(at(0, 0));
    lanes.assign(at(1, 0));
    lanes.get('t:0')?.add(0, records(10), 10);
    const wanted = lanes.toFetch(() => true);
    expect(wanted.positions.map(({ partition }) => partition)).toStrictEqual([1]);
    expect(wanted.isComplete).toBe(false);
    (lanes.get('t:1') as { isPaused: boolean }).isPaused = true;
    expect(lanes.toFetch(() => true).positions).toStrictEqual([]);
  });

  it('fetches of a lane what half of its share or more has room for, with the bytes of yielded events', () => {
    const unprocessed = new Map([['t:0', 240]]);
    const lanes = lanesOf(undefined, undefined, undefined, (lane) => unprocessed.get(lane) ?? 0);
    lanes.assign(at(0, 0));
    lanes.assign(at(1, 0)); // each has a share of 500
    const rooms = () =>
      lanes
        .toFetch(() => true)
        .positions.map(({ partition, maxRecordBytes }) => [partition, maxRecordBytes])
        .sort();
    expect(rooms()).toStrictEqual([
      [0, 260],
      [1, 500],
    ]);
    lanes.get('t:0')?.add(0, records(2), 2);
    expect(rooms()).toStrictEqual([[1, 500]]);
    unprocessed.set('t:0', 0);
    expect(rooms()).toStrictEqual([
      [0, 480],
      [1, 500],
    ]);
  });

  it('abandons events in flight only after the drain', async () => {
    let finish = () => {};
    const lanes = lanesOf(() => new Promise((resolve) => (finish = resolve)));
    lanes.assign(at(0, 0));
    const lane = lanes.get('t:0');
    lane?.add(0, records(1), 1);
    const [delivery] = lanes.take();
    const revoked = lanes.revoke();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect([delivery?.abortSignal.aborted, lane?.isOpen]).toStrictEqual([false, false]);
    finish();
    await revoked;
    expect([delivery?.abortSignal.aborted, lanes.all]).toStrictEqual([true, []]);
  });

  it('commits the count of deliveries before it yields the first event, and never again for its own sake', async () => {
    const committed: (string | null)[] = [];
    const lanes = lanesOf(undefined, async (lane) => void committed.push(lane.metadataAt(lane.handled)));
    lanes.assign(at(0, 0));
    const lane = lanes.get('t:0');
    lane?.add(0, records(2), 2);
    expect(lanes.take()).toStrictEqual([]);
    await Promise.resolve();
    expect(lanes.take().map(({ ordinal }) => ordinal)).toStrictEqual([0, 1]);
    lane?.acknowledge([0, 1]);
    lane?.add(2, records(3).slice(2), 3);
    expect(lanes.take().map(({ ordinal }) => ordinal)).toStrictEqual([2]);
    expect(committed).toStrictEqual(['openedx/1 deliveries=1 through=1']);
  });

  it('yields an event that is processed exclusively without a commit: it is counted when it starts', () => {
    const lanes = lanesOf(undefined, () => {
      throw new Error('nothing to commit');
    });
    lanes.assign(at(0, 0, 'openedx/1 deliveries=2 through=1'));
    lanes.get('t:0')?.add(0, records(2), 2);
    expect(lanes.take().map(({ ordinal }) => ordinal)).toStrictEqual([0, 1]);
  });

  it('counts how often events were delivered as the commit of the group reports it', () => {
    const lanes = lanesOf();
    lanes.assign(at(0, 0, 'openedx/1 deliveries=4 through=1'));
    lanes.get('t:0')?.add(0, records(3), 3);
    expect(lanes.take().map(({ deliveryCount }) => deliveryCount)).toStrictEqual([5, 3, 1]);
  });

  it('counts only the oldest event of a partition', () => {
    const lanes = lanesOf();
    lanes.assign(at(0, 0, 'openedx/1 deliveries=2 through=1'));
    const lane = lanes.get('t:0');
    lane?.add(0, records(3), 3);
    lanes.take();
    expect(lane?.countExclusive(1, true)).toBe(false);
    expect(lane?.countExclusive(0, true)).toBe(true);
    lane?.acknowledge([0]);
    expect(lane?.countExclusive(1, true)).toBe(true);
    expect(lane?.metadataAt(1)).toBe('openedx/1 deliveries=3 through=1');
  });

  it('counts nothing for a topic that was created again', () => {
    const lanes = lanesOf();
    lanes.assign(at(0, 3, 'openedx/1 deliveries=4 through=4'));
    lanes.get('t:0')?.moveTo(0);
    lanes.get('t:0')?.add(0, records(5), 5);
    expect(lanes.take().map(({ deliveryCount }) => deliveryCount)).toStrictEqual([1, 1, 1, 1, 1]);
  });

  it('restores the count of events that it releases gracefully', async () => {
    const written: (string | null)[] = [];
    const lanes = lanesOf(undefined, async (lane) => {
      const metadata = lane.metadataAt(lane.handled);
      lane.written.note(lane.handled, metadata);
      written.push(metadata);
    });
    lanes.assign(at(0, 0, 'openedx/1 deliveries=1 through=0'));
    lanes.assign(at(1, 0));
    lanes.get('t:0')?.add(0, records(1), 1);
    lanes.take();
    await Promise.resolve();
    lanes.take();
    await lanes.revoke();
    expect(written).toStrictEqual(['openedx/1 deliveries=2 through=0', 'openedx/1 deliveries=1 through=0']);
  });
});
