import { describe, expect, it, vi } from 'vitest';
import { deferred } from '../../runtime/deferred.js';
import { settle } from '../../runtime/manual-clock.test-support.js';
import type { SharedPeriod } from './exclusive-gate.js';
import { LaneGateAccess } from './lane-gate-access.js';
import { type LaneEntry, LaneWindow } from './lane-window.js';
import { exclusiveProcessing, keyed } from './lane-worker.test-support.js';
import { ProcessingSlots } from './processing-slots.js';

/** The access of a lane with two slots to the gate of its consumer. */
function access(exclusive = exclusiveProcessing()) {
  const slots = new ProcessingSlots<SharedPeriod | undefined>(2);
  const window = new LaneWindow({ maxDeliveries: 5, keyOf: ({ message }) => String(message.key) });
  const [onBackOff, onChange] = [vi.fn(), vi.fn()];
  const gateAccess = new LaneGateAccess({
    exclusive,
    slots,
    waitSignal: new AbortController().signal,
    lift: (entry) => window.lift(entry),
    onBackOff,
    onChange,
  });
  const add = (ordinal: number, deliveryCount = 1): LaneEntry => {
    window.add(keyed(`key-${ordinal}`, ordinal, { deliveryCount }));
    return (window.next() ?? window.barrier) as LaneEntry;
  };
  return { gateAccess, slots, window, exclusive, onBackOff, onChange, add };
}

/** Starts an ordinary event, as the lane does. */
function started({ add, gateAccess, slots, window }: ReturnType<typeof access>, ordinal: number): LaneEntry {
  const entry = add(ordinal);
  entry.inside = gateAccess.enterShared();
  window.start(entry);
  slots.occupy();
  return entry;
}

describe('LaneGateAccess', () => {
  it('refuses ordinary events while an exclusive one is inside, and reports when they may enter', async () => {
    const { gateAccess, exclusive, onChange } = access();
    const request = exclusive.gate.requestExclusive(() => {});
    expect(await request.entered).toBe(true);
    expect(gateAccess.enterShared()).toBeUndefined();
    expect(onChange).not.toHaveBeenCalled();
    request.leave();
    await settle();
    expect(onChange).toHaveBeenCalled();
    expect(gateAccess.enterShared()).toBeDefined();
  });

  it('leaves the gate once, however often it is asked to', async () => {
    const lane = access();
    const [one, other] = [started(lane, 1), started(lane, 2)];
    lane.gateAccess.leaveGate(one);
    lane.gateAccess.leaveGate(one);
    const request = lane.exclusive.gate.requestExclusive(() => {});
    const entered = vi.fn();
    void request.entered.then(entered);
    await settle();
    expect(entered).not.toHaveBeenCalled(); // the other event is inside
    lane.gateAccess.leaveGate(other);
    await settle();
    expect(entered).toHaveBeenCalledExactlyOnceWith(true);
  });

  it('frees slot and gate of an ordinary event that backs off, until the lane gives it a slot again', async () => {
    const lane = access();
    const entry = started(lane, 1);
    const wait = deferred();
    const back = vi.fn();
    const backOff = lane.gateAccess.backOff(entry, () => wait.promise).then(back);
    expect([lane.slots.occupied, lane.slots.running, entry.inside]).toEqual([0, 1, undefined]);
    expect([lane.onBackOff.mock.calls.length, lane.onChange.mock.calls.length]).toEqual([1, 1]);
    wait.resolve();
    await settle();
    expect([lane.slots.hasReturning, back.mock.calls.length]).toEqual([true, 0]);
    const inside = lane.gateAccess.enterShared();
    lane.slots.returnNext(inside);
    await backOff;
    expect([lane.slots.occupied, entry.inside]).toEqual([1, inside]);
  });

  it('returns an event to its slot when its wait rejects, and rejects too', async () => {
    const lane = access();
    const entry = started(lane, 1);
    const backOff = lane.gateAccess.backOff(entry, () => Promise.reject(new Error('lost')));
    backOff.catch(() => {});
    await settle();
    lane.slots.returnNext(lane.gateAccess.enterShared());
    await expect(backOff).rejects.toThrow('lost');
    expect([lane.slots.occupied, lane.slots.running]).toEqual([1, 1]);
  });

  it('keeps the slot and the barrier of an exclusive event that backs off, and leaves the gate to other lanes', async () => {
    const exclusive = exclusiveProcessing();
    const [lane, otherLane] = [access(exclusive), access(exclusive)];
    const entry = lane.add(1, 3);
    lane.window.start(entry);
    lane.slots.occupy();
    await lane.gateAccess.exclusiveEvent(entry).enter();
    expect(otherLane.gateAccess.enterShared()).toBeUndefined();
    const wait = deferred();
    const back = vi.fn();
    void lane.gateAccess.backOff(entry, () => wait.promise).then(back);
    await settle();
    const inside = otherLane.gateAccess.enterShared();
    expect(inside).toBeDefined();
    expect([lane.slots.occupied, lane.window.barrier]).toEqual([1, entry]);
    wait.resolve();
    await settle();
    expect(back).not.toHaveBeenCalled(); // the event of the other lane is inside
    exclusive.gate.leaveShared(inside as SharedPeriod);
    await settle();
    expect(back).toHaveBeenCalledOnce();
  });
});
