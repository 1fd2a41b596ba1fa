import { type Clock, configureEvents } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Beginnings } from './beginnings.js';
import { DeliveryTally } from './delivery-tally.js';
import { Lane } from './lane.js';

const record = (offset: number) => ({ offset, key: null, value: null, headers: [], size: 10 });

/** A lane with events from 5 on, whose first was begun so often before. */
function laneBegun(times: number, partition = 0): Lane {
  const metadata = times === 0 ? null : `begun/1 ${times}+1`;
  const tally = new DeliveryTally({ committed: 5, metadata, ackEvery: 100, carefulFrom: 3 });
  const lane = new Lane('t', partition, 5, 5, tally);
  lane.add(5, [record(5), record(6)], 7);
  return lane;
}

describe('Beginnings', () => {
  let now = 0;
  let restore: Disposable;
  const answers: (() => void)[] = [];
  const note = vi.fn((_: Lane) => new Promise<void>((resolve) => answers.push(resolve)));
  const onChange = vi.fn();

  beforeEach(() => {
    now = 0;
    const never = new Promise<void>(() => {});
    const clock: Clock = { now: () => now, monotonic: () => now, sleep: () => never };
    restore = configureEvents({ clock });
  });
  afterEach(() => {
    restore[Symbol.dispose]();
    answers.length = 0;
    note.mockClear();
    onChange.mockClear();
  });

  const noted = () => note.mock.calls.map(([lane]) => lane.partition);
  const answer = async () => {
    for (const resolve of answers.splice(0)) resolve();
    await Promise.resolve();
  };

  it('lets nothing be handed over before it is written down that it was begun, once a lane', async () => {
    const beginnings = new Beginnings({ note, onChange });
    const lane = laneBegun(0);
    const empty = new Lane('t', 1, 0, 0);
    const lanes = [lane, empty];
    expect(lanes.filter(beginnings.readyIn(lanes, () => 10))).toStrictEqual([]);
    expect(lanes.filter(beginnings.readyIn(lanes, () => 10))).toStrictEqual([]);
    expect(note).toHaveBeenCalledExactlyOnceWith(lane);
    expect(lane.metadataAt(5)).toBe('begun/1 1+2');
    await answer();
    expect(onChange).toHaveBeenCalledOnce();
    expect(lanes.filter(beginnings.readyIn(lanes, () => 10))).toStrictEqual([lane]);
    expect(lane.take(10).map(({ ordinal }) => ordinal)).toStrictEqual([5, 6]);
  });

  it('hands over at once where nothing can be written down', () => {
    const beginnings = new Beginnings({ note: () => undefined, onChange });
    const lane = laneBegun(0);
    expect([lane].filter(beginnings.readyIn([lane], () => 10))).toStrictEqual([lane]);
  });

  it('begins suspicious lanes one after another, the least suspicious first, and others at once', async () => {
    const beginnings = new Beginnings({ note, onChange });
    const lanes = [laneBegun(7, 0), laneBegun(3, 1), laneBegun(1, 2), laneBegun(0, 3)];
    const [worst, bad] = lanes as [Lane, Lane, Lane, Lane];
    beginnings.readyIn(lanes, () => 10);
    expect(noted().sort()).toStrictEqual([1, 2, 3]);
    await answer();
    beginnings.readyIn(lanes, () => 10);
    expect(noted()).not.toContain(0);
    bad.take(10);
    bad.acknowledge([5]);
    beginnings.readyIn(lanes, () => 10);
    expect(noted()).toContain(0);
    await answer();
    expect(lanes.filter(beginnings.readyIn(lanes, () => 10))).toContain(worst);
  });

  it.each<[string, (lane: Lane) => void]>([
    ['is paused', (lane) => (lane.isPaused = true)],
    ['is given up', (lane) => lane.close()],
    ['takes too long', () => (now = 30_000)],
  ])('goes on with the next suspicious lane when the one before %s', async (_, change) => {
    const beginnings = new Beginnings({ note, onChange });
    const lanes = [laneBegun(4, 0), laneBegun(3, 1)];
    beginnings.readyIn(lanes, () => 10);
    await answer();
    expect(noted()).toStrictEqual([1]);
    change(lanes[1] as Lane);
    beginnings.readyIn(lanes, () => 10);
    expect(noted()).toContain(0);
  });

  it('lets off one that takes long: what ends the process from then on may be another', async () => {
    const beginnings = new Beginnings({ note, onChange });
    const [slow, next] = [laneBegun(3, 0), laneBegun(4, 1)];
    beginnings.readyIn([slow, next], () => 10);
    slow.noteCommit(5, slow.metadataAt(5));
    await answer();
    expect(slow.metadataAt(5)).toBe('begun/1 4+1');
    now = 30_000;
    beginnings.readyIn([slow, next], () => 10);
    expect(noted()).toStrictEqual([0, 0, 1]);
    expect(slow.metadataAt(5)).toBe('begun/1 3+1');
  });
});
