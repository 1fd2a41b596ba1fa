import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deferred } from '../../runtime/deferred.js';
import { ManualClock, settle } from '../../runtime/manual-clock.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import type { Outcome } from '../types/outcome.js';
import { ConsumerLanes } from './consumer-lanes.js';
import { keyed, laneWorker } from './lane-worker.test-support.js';

describe('ConsumerLanes', () => {
  let clock = new ManualClock();
  let restore: Disposable;

  beforeEach(() => {
    clock = new ManualClock();
    restore = configureEvents({ clock });
  });
  afterEach(() => restore[Symbol.dispose]());

  const limits = {
    drainTimeoutMs: 1_000,
    maxBufferedBytes: 1_000_000,
    maxBufferedEvents: 2,
    maxUnacknowledgedEvents: 2,
  };

  /** Lanes whose events never end, except for those in `ends`. */
  function lanes({ ends = [] as readonly number[], concurrency = 1 } = {}) {
    const created: string[] = [];
    const acknowledged: [lane: string, ordinals: readonly number[]][] = [];
    const acknowledgeAhead = vi.fn(async () => {});
    const abandoned: number[] = [];
    const forever = deferred<Outcome>();
    const all = new ConsumerLanes({
      limits,
      createWorker: (lane) => {
        created.push(lane);
        return laneWorker({
          concurrency,
          handle: ({ ordinal }) => (ends.includes(ordinal) ? 'handled' : forever.promise),
          acknowledge: (ordinals) => void acknowledged.push([lane, ordinals]),
        }).lane;
      },
      onAbandoned: (deliveries) => abandoned.push(...deliveries.map(({ ordinal }) => ordinal)),
      acknowledgeAhead,
    });
    return { all, created, acknowledged, acknowledgeAhead, abandoned, forever };
  }

  const of = (lane: string, ordinal: number) => keyed(`key-${ordinal}`, ordinal, { lane });

  it('creates a lane with its first delivery, and passes each delivery to its lane in order', async () => {
    const { all, created, acknowledged } = lanes({ ends: [1, 2, 3] });
    all.accept([of('a', 1), of('b', 2), of('a', 3)]);
    all.accept([]);
    await settle();
    expect(created).toEqual(['a', 'b']);
    expect(acknowledged.filter(([lane]) => lane === 'a').flatMap(([, ordinals]) => ordinals)).toEqual([1, 3]);
    expect(acknowledged.filter(([lane]) => lane === 'b')).toEqual([['b', [2]]]);
  });

  it('counts what waits in each lane, and is full when the counted lanes together are', () => {
    const { all } = lanes();
    all.accept([of('a', 1), of('a', 2), of('b', 3), of('b', 4)]);
    expect([all.waitingIn('a'), all.waitingIn('b'), all.waitingIn('c')]).toEqual([1, 1, 0]);
    expect(all.isFull(() => true)).toBe(true);
    expect(all.isFull((lane) => lane === 'a')).toBe(false);
  });

  it('is full when too much is finished behind an unfinished event', async () => {
    const { all } = lanes({ ends: [2, 3], concurrency: 2 });
    all.accept([of('a', 1), of('a', 2), of('a', 3)]);
    await settle();
    expect([all.waitingIn('a'), all.isFull(() => true)]).toEqual([0, true]);
  });

  it('aborts a lane that drains for longer than drainTimeoutMs, names its events, and hands over what is finished ahead', async () => {
    const { all, acknowledgeAhead, abandoned } = lanes({ ends: [2], concurrency: 2 });
    all.accept([of('a', 1), of('a', 2)]);
    const drained = vi.fn();
    void all.drainOne('a').then(drained);
    await clock.advance(999);
    expect(drained).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(drained).toHaveBeenCalledOnce();
    expect(acknowledgeAhead.mock.calls).toEqual([['a', [2]]]);
    expect(abandoned).toEqual([1]);
  });

  it('gives a drained lane a new worker when it is assigned again, and leaves the other lanes alone', async () => {
    const { all, created } = lanes({ ends: [1, 3] });
    all.accept([of('a', 1), of('b', 2)]);
    await all.drainOne('a');
    await all.drainOne('unknown');
    expect(all.waitingIn('b')).toBe(0);
    all.accept([of('a', 3)]);
    expect(created).toEqual(['a', 'b', 'a']);
    expect(clock.pending).toEqual([]);
  });

  it('gives a lane that was lost a new worker', () => {
    const { all, created } = lanes();
    const lost = new AbortController();
    all.accept([keyed('k', 1, { lane: 'a', abortSignal: lost.signal })]);
    lost.abort();
    all.accept([of('a', 2)]);
    expect(created).toEqual(['a', 'a']);
  });

  it('drains all lanes within one drainTimeoutMs', async () => {
    const { all } = lanes();
    all.accept([of('a', 1), of('b', 2)]);
    const drained = vi.fn();
    void all.drainAll().then(drained);
    await clock.advance(1_000);
    expect(drained).toHaveBeenCalledOnce();
  });

  it('starts nothing more after halt, and does not wait', async () => {
    const { all, forever, acknowledged } = lanes({ ends: [2] });
    all.accept([of('a', 1), of('a', 2)]);
    all.halt();
    forever.resolve('handled');
    await settle();
    expect(acknowledged).toEqual([['a', [1]]]);
  });
});
