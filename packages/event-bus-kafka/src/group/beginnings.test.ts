import { afterEach, describe, expect, it, vi } from 'vitest';
import { Beginnings } from './beginnings.js';
import { DeliveryTally } from './delivery-tally.js';
import { Lane } from './lane.js';

const record = (offset: number) => ({ offset, key: null, value: null, headers: [], size: 10 });

/** A lane with events from 5 on, whose first was begun so often before. */
function laneBegun(times: number, partition = 0): Lane {
  const metadata = times === 0 ? null : `begun/1 ${times}+1`;
  const tally = new DeliveryTally({ committed: 5, metadata, ackEvery: 100 });
  const lane = new Lane('t', partition, 5, 5, tally);
  lane.add(5, [record(5), record(6)], 7);
  return lane;
}

describe('Beginnings', () => {
  const answers: (() => void)[] = [];
  const note = vi.fn((_: Lane) => new Promise<void>((resolve) => answers.push(resolve)));
  const onChange = vi.fn();

  afterEach(() => {
    answers.length = 0;
    note.mockClear();
    onChange.mockClear();
  });

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

  it('hands over at once what is to be handled alone: that is counted when it is begun', () => {
    const beginnings = new Beginnings({ note, onChange });
    const lanes = [laneBegun(7, 0), laneBegun(2, 1), laneBegun(1, 2)];
    expect(lanes.filter(beginnings.readyIn(lanes, () => 10))).toStrictEqual(lanes.slice(0, 2));
    expect(note.mock.calls).toStrictEqual([[lanes[2]]]);
  });
});
