import { describe, expect, it } from 'vitest';
import { Bell } from './bell.js';
import type { Lane } from './lane.js';
import { Lanes } from './lanes.js';

const record = (offset: number) => ({ offset, key: null, value: null, headers: [], size: 10 });
const records = (count: number) => Array.from({ length: count }, (_, offset) => record(offset));

const at = (partition: number, offset: number, metadata: string | null = null) => ({
  topic: 't',
  partition,
  offset,
  metadata,
});

function lanesOf(
  drainLane: (lane: string) => Promise<void> = async () => {},
  note: (lane: Lane) => Promise<void> | undefined = () => undefined,
  waiting = (lanes: Lanes, lane: string) => lanes.get(lane)?.inHand ?? 0,
) {
  const lanes: Lanes = new Lanes({
    bell: new Bell(),
    maxBufferedEvents: 10,
    maxUnacknowledgedEvents: 8,
    waitingIn: (lane) => waiting(lanes, lane),
    maxBufferedBytes: 1_000,
    maxBytesPerPartition: 100,
    ackEvery: 100,
    drainLane,
    note,
  });
  return lanes;
}

describe('Lanes', () => {
  it('gives each lane its share of what may be in hand, and more once that is acknowledged', () => {
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

  it('leaves out lanes that are paused or have enough, and says so of the latter', () => {
    const lanes = lanesOf();
    lanes.assign(at(0, 0));
    lanes.assign(at(1, 0));
    lanes.get('t:0')?.add(0, records(10), 10);
    const wanted = lanes.toFetch(0, () => true);
    expect(wanted.positions.map(({ partition }) => partition)).toStrictEqual([1]);
    expect(wanted.isComplete).toBe(false);
    (lanes.get('t:1') as { isPaused: boolean }).isPaused = true;
    expect(lanes.toFetch(0, () => true).positions).toStrictEqual([]);
  });

  it('aborts what is in hand only after the drain', async () => {
    let letGo = () => {};
    const lanes = lanesOf(() => new Promise((resolve) => (letGo = resolve)));
    lanes.assign(at(0, 0));
    const lane = lanes.get('t:0');
    lane?.add(0, records(1), 1);
    const [delivery] = lanes.take();
    const revoked = lanes.revoke();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect([delivery?.abortSignal.aborted, lane?.isOpen]).toStrictEqual([false, false]);
    letGo();
    await revoked;
    expect([delivery?.abortSignal.aborted, lanes.all]).toStrictEqual([true, []]);
  });

  it('writes down what is begun before the first is handed over, and then only when a lane was idle', async () => {
    const noted: (string | null)[] = [];
    const lanes = lanesOf(undefined, async (lane) => void noted.push(lane.metadataAt(lane.handled)));
    lanes.assign(at(0, 0));
    const lane = lanes.get('t:0');
    lane?.add(0, records(2), 2);
    expect(lanes.take()).toStrictEqual([]);
    await Promise.resolve();
    expect(lanes.take().map(({ ordinal }) => ordinal)).toStrictEqual([0, 1]);
    expect(noted).toStrictEqual(['begun/1 1+2']);
    lane?.acknowledge([0]);
    lane?.add(2, records(4).slice(2), 4);
    lanes.take();
    expect(noted).toHaveLength(1); // the next commit says it
    lane?.acknowledge([1, 2, 3]);
    lane?.add(4, records(5).slice(4), 5);
    expect(lanes.take().map(({ ordinal }) => ordinal)).toStrictEqual([4]);
    expect(noted).toStrictEqual(['begun/1 1+2', 'begun/1 1+1']);
  });

  it('says how often events were delivered, as the commit of the group tells it', () => {
    const lanes = lanesOf();
    lanes.assign(at(0, 0, 'begun/1 4+1 1+1'));
    lanes.get('t:0')?.add(0, records(3), 3);
    expect(lanes.take().map(({ deliveryCount }) => deliveryCount)).toStrictEqual([5, 2, 1]);
  });

  it('says nothing of events that are gone or of another topic of the name', () => {
    const lanes = lanesOf();
    lanes.assign(at(0, 3, 'begun/1 4+1 1+1'));
    lanes.get('t:0')?.moveTo(0);
    lanes.get('t:0')?.add(0, records(5), 5);
    expect(lanes.take().map(({ deliveryCount }) => deliveryCount)).toStrictEqual([1, 1, 1, 1, 1]);
  });

  it('takes back what it wrote down when it gives up in good order what was not handled', async () => {
    const written: (string | null)[] = [];
    const lanes = lanesOf(undefined, async (lane) => {
      const metadata = lane.metadataAt(lane.handled);
      lane.noteCommit(lane.handled, metadata);
      written.push(metadata);
    });
    lanes.assign(at(0, 0, 'begun/1 1+1'));
    lanes.assign(at(1, 0));
    lanes.get('t:0')?.add(0, records(1), 1);
    lanes.take();
    await Promise.resolve();
    lanes.take();
    await lanes.revoke();
    expect(written).toStrictEqual(['begun/1 2+1', 'begun/1 1+1']);
  });
});
