import { describe, expect, it, vi } from 'vitest';
import { type Deferred, deferred } from '../../runtime/deferred.js';
import { settle } from '../../runtime/manual-clock.test-support.js';
import { AckBatches } from './ack-batches.js';

function batches() {
  const requests: { readonly ordinals: readonly number[]; readonly answer: Deferred<void> }[] = [];
  const [onFailed, onSettled] = [vi.fn(), vi.fn()];
  const acks = new AckBatches({
    ackEvery: 2,
    acknowledge: (ordinals) => {
      const answer = deferred();
      requests.push({ ordinals, answer });
      return answer.promise;
    },
    onFailed,
    onSettled,
  });
  return { acks, requests, onFailed, onSettled };
}

describe('AckBatches', () => {
  it('takes any number of events that were finished behind one', () => {
    const { acks, requests } = batches();
    acks.add(Array.from({ length: 500_000 }, (_, ordinal) => ordinal));
    acks.send();
    expect(requests.map(({ ordinals }) => ordinals)).toEqual([[0, 1]]);
  });

  it('sends batches of ackEvery, one request at a time', async () => {
    const { acks, requests, onSettled } = batches();
    acks.add([1, 2, 3]);
    expect([acks.isDue, acks.isFull, acks.isEmpty]).toEqual([true, true, false]);
    acks.send();
    acks.send();
    expect(requests.map(({ ordinals }) => ordinals)).toEqual([[1, 2]]);
    expect([acks.isDue, acks.isFull, acks.isIdle]).toEqual([false, true, false]);
    requests[0]?.answer.resolve();
    await settle();
    expect([onSettled.mock.calls.length, acks.isIdle, acks.isEmpty]).toEqual([1, true, false]);
    acks.send();
    requests[1]?.answer.resolve();
    await settle();
    expect([requests[1]?.ordinals, acks.isEmpty]).toEqual([[3], true]);
  });

  it('sends nothing while there is nothing', () => {
    const { acks, requests } = batches();
    acks.add([]);
    acks.send();
    expect(requests).toEqual([]);
  });

  it('forgets what comes after a failed request', async () => {
    const { acks, requests, onFailed, onSettled } = batches();
    acks.add([1, 2, 3]);
    acks.send();
    requests[0]?.answer.reject(new Error('broken'));
    await settle();
    expect([onFailed.mock.calls.length, onSettled.mock.calls.length, acks.isEmpty]).toEqual([1, 1, true]);
  });
});
