import { describe, expect, it, vi } from 'vitest';
import { settle } from '../../runtime/manual-clock.test-support.js';
import { keyed, laneWorker } from './lane-worker.test-support.js';

describe('the signal of the deliveries of lanes', () => {
  it('gets one listener, however many lanes share it, and aborts them all', () => {
    const lost = new AbortController();
    const listen = vi.spyOn(lost.signal, 'addEventListener');
    const lanes = Array.from({ length: 20 }, () => laneWorker({ handle: () => new Promise(() => {}) }).lane);
    for (const lane of lanes) lane.push([keyed('a', 1, { abortSignal: lost.signal })]);
    expect(listen).toHaveBeenCalledOnce();
    lost.abort();
    expect(lanes.every(({ isAborted }) => isAborted)).toBe(true);
  });

  it('keeps nothing of a lane that was drained', async () => {
    const lost = new AbortController();
    const { lane } = laneWorker();
    lane.push([keyed('a', 1, { abortSignal: lost.signal })]);
    await lane.drain();
    lost.abort();
    expect(lane.isAborted).toBe(false);
  });

  it('aborts a lane that is being drained', async () => {
    const lost = new AbortController();
    const { lane } = laneWorker({ handle: () => new Promise(() => {}) });
    lane.push([keyed('a', 1, { abortSignal: lost.signal })]);
    void lane.drain();
    await settle();
    lost.abort();
    expect(lane.isAborted).toBe(true);
  });

  it('may have fired before', () => {
    const { lane } = laneWorker();
    lane.push([keyed('a', 1, { abortSignal: AbortSignal.abort() })]);
    expect(lane.isAborted).toBe(true);
  });
});
