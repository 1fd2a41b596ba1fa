import { describe, expect, it, vi } from 'vitest';
import { ExclusiveGate, type SharedPeriod } from './exclusive-gate.js';

const entered = (period: SharedPeriod | undefined): SharedPeriod => {
  if (period === undefined) throw new TypeError('the gate is closed');
  return period;
};

describe('ExclusiveGate', () => {
  it('lets ordinary events enter together, and an exclusive one when all of them have left', async () => {
    const gate = new ExclusiveGate();
    const onOpen = vi.fn();
    const inside = [gate.enterShared(onOpen), gate.enterShared(onOpen)].map(entered);
    const onEntered = vi.fn();
    const request = gate.requestExclusive(() => {});
    void request.entered.then(onEntered);
    expect(gate.enterShared(onOpen)).toBeUndefined();
    for (const period of inside) {
      await Promise.resolve();
      expect(onEntered).not.toHaveBeenCalled();
      gate.leaveShared(period);
    }
    expect(await request.entered).toBe(true);
    expect(onOpen).not.toHaveBeenCalled();
    request.leave();
    expect(onOpen).toHaveBeenCalledOnce();
    expect(gate.enterShared(onOpen)).toBeDefined();
  });

  it('admits exclusive events in the order of their requests, and those that wait shared in between', async () => {
    const gate = new ExclusiveGate();
    const first = gate.requestExclusive(() => {});
    const onFirst = vi.fn();
    const second = gate.requestExclusive(onFirst);
    let inside: SharedPeriod | undefined;
    expect(
      gate.enterShared(() => {
        inside = gate.enterShared(() => {});
      }),
    ).toBeUndefined();
    expect([await first.entered, onFirst.mock.calls.length]).toEqual([true, 0]);
    first.leave();
    first.leave();
    expect([onFirst.mock.calls.length, inside]).toEqual([1, { inside: 1 }]);
    gate.leaveShared(entered(inside));
    expect(await second.entered).toBe(true);
  });

  it('admits no exclusive event alone while one that outlasted a wait is inside', async () => {
    const gate = new ExclusiveGate();
    const slow = entered(gate.enterShared(() => {}));
    const late = gate.requestExclusive(() => {});
    const period = late.share();
    expect(await late.entered).toBe(false);
    gate.leaveShared(period);
    const next = gate.requestExclusive(() => {});
    expect(await next.entered).toBe(false);
    gate.leaveShared(next.share());
    gate.leaveShared(slow);
    expect(await gate.requestExclusive(() => {}).entered).toBe(true);
  });

  it('forgets a request that leaves before it has entered', async () => {
    const gate = new ExclusiveGate();
    const inside = entered(gate.enterShared(() => {}));
    const request = gate.requestExclusive(() => {});
    request.leave();
    expect(await request.entered).toBe(false);
    expect(gate.enterShared(() => {})).toBe(inside);
  });
});
