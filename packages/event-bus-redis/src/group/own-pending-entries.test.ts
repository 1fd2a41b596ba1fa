import { describe, expect, it } from 'vitest';
import type { StreamEntry } from '../stream/stream-reply.js';
import { OwnPendingEntries } from './own-pending-entries.js';

const entry = (id: string, deliveryCount = 1, text = 'x'): StreamEntry => ({
  id,
  fields: [Buffer.from('event_data'), Buffer.from(text)],
  deliveryCount,
});

describe('OwnPendingEntries', () => {
  const { signal } = new AbortController();

  it('numbers deliveries across all streams', () => {
    const ownPending = new OwnPendingEntries(signal);
    const deliveries = [...ownPending.add('a', [entry('1-0', 3)]), ...ownPending.add('b', [entry('1-0')])];
    expect(deliveries).toMatchObject([
      { lane: 'a', ordinal: 1, position: '1-0', deliveryCount: 3, message: { topic: 'a' } },
      { lane: 'b', ordinal: 2, position: '1-0', deliveryCount: 1 },
    ]);
  });

  it('delivers an entry again only after it was removed', () => {
    const ownPending = new OwnPendingEntries(signal);
    ownPending.add('a', [entry('1-0')]);
    expect(ownPending.add('a', [entry('1-0'), entry('2-0')])).toMatchObject([
      { ordinal: 2, position: '2-0' },
    ]);
    ownPending.remove('a', [1]);
    expect(ownPending.add('a', [entry('1-0')])).toMatchObject([{ ordinal: 3, position: '1-0' }]);
  });

  it('delivers another event under the id of one in flight, whose acknowledgement then does nothing', () => {
    const ownPending = new OwnPendingEntries(signal);
    ownPending.add('a', [entry('1-0')]);
    expect(ownPending.add('a', [entry('1-0', 1, 'other')])).toMatchObject([{ ordinal: 2, position: '1-0' }]);
    expect(ownPending.find('a', [1])).toEqual([]);
    ownPending.remove('a', [1]);
    expect(ownPending.has('a', '1-0')).toBe(true);
    expect(ownPending.add('a', [entry('1-0', 1, 'other')])).toEqual([]);
    expect(ownPending.list('a')).toHaveLength(1);
  });

  it('finds entries by ordinal until they are removed', () => {
    const ownPending = new OwnPendingEntries(signal);
    ownPending.add('a', [entry('1-0'), entry('2-0', 4), entry('3-0')]);
    expect(ownPending.find('a', [2, 3, 9])).toMatchObject([
      { id: '2-0', count: 4 },
      { id: '3-0', count: 1 },
    ]);
    ownPending.remove('a', [1, 2, 9]);
    expect(ownPending.find('a', [2])).toEqual([]);
    expect(ownPending.list('a')).toMatchObject([{ id: '3-0', count: 1 }]);
    expect([ownPending.has('a', '2-0'), ownPending.has('a', '3-0'), ownPending.has('b', '3-0')]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('aborts deliveries by the signal of the consumer and by the one of the stream', () => {
    const consumer = new AbortController();
    const lease = new AbortController();
    const ownPending = new OwnPendingEntries(consumer.signal);
    ownPending.add('a', [entry('1-0')]);
    ownPending.restart('a', lease.signal);
    expect(ownPending.list('a')).toEqual([]);
    const [leased] = ownPending.add('a', [entry('1-0')]);
    const [other] = ownPending.add('b', [entry('1-0')]);
    lease.abort();
    expect([leased?.abortSignal?.aborted, other?.abortSignal?.aborted]).toEqual([true, false]);
    consumer.abort();
    expect(other?.abortSignal?.aborted).toBe(true);
  });
});
