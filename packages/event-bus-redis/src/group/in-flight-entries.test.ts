import { describe, expect, it } from 'vitest';
import type { StreamEntry } from '../stream/stream-reply.js';
import { InFlightEntries } from './in-flight-entries.js';

const entry = (id: string, deliveryCount = 1, text = 'x'): StreamEntry => ({
  id,
  fields: [Buffer.from('event_data'), Buffer.from(text)],
  deliveryCount,
});

describe('InFlightEntries', () => {
  const { signal } = new AbortController();

  it('numbers deliveries across all streams', () => {
    const inFlight = new InFlightEntries(signal);
    const deliveries = [...inFlight.add('a', [entry('1-0', 3)]), ...inFlight.add('b', [entry('1-0')])];
    expect(deliveries).toMatchObject([
      { lane: 'a', ordinal: 1, position: '1-0', deliveryCount: 3, message: { topic: 'a' } },
      { lane: 'b', ordinal: 2, position: '1-0', deliveryCount: 1 },
    ]);
  });

  it('delivers an entry again only after it was removed', () => {
    const inFlight = new InFlightEntries(signal);
    inFlight.add('a', [entry('1-0')]);
    expect(inFlight.add('a', [entry('1-0'), entry('2-0')])).toMatchObject([{ ordinal: 2, position: '2-0' }]);
    inFlight.remove('a', [1]);
    expect(inFlight.add('a', [entry('1-0')])).toMatchObject([{ ordinal: 3, position: '1-0' }]);
  });

  it('delivers another event under the id of one in flight, whose acknowledgement then does nothing', () => {
    const inFlight = new InFlightEntries(signal);
    inFlight.add('a', [entry('1-0')]);
    expect(inFlight.add('a', [entry('1-0', 1, 'other')])).toMatchObject([{ ordinal: 2, position: '1-0' }]);
    expect(inFlight.find('a', [1])).toEqual([]);
    inFlight.remove('a', [1]);
    expect(inFlight.has('a', '1-0')).toBe(true);
    expect(inFlight.add('a', [entry('1-0', 1, 'other')])).toEqual([]);
    expect(inFlight.list('a')).toHaveLength(1);
  });

  it('finds entries by ordinal until they are removed', () => {
    const inFlight = new InFlightEntries(signal);
    inFlight.add('a', [entry('1-0'), entry('2-0', 4), entry('3-0')]);
    expect(inFlight.find('a', [2, 3, 9])).toMatchObject([
      { id: '2-0', count: 4 },
      { id: '3-0', count: 1 },
    ]);
    inFlight.remove('a', [1, 2, 9]);
    expect(inFlight.find('a', [2])).toEqual([]);
    expect(inFlight.list('a')).toMatchObject([{ id: '3-0', count: 1 }]);
    expect([inFlight.has('a', '2-0'), inFlight.has('a', '3-0'), inFlight.has('b', '3-0')]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('aborts deliveries by the signal of the consumer and by the one of the stream', () => {
    const consumer = new AbortController();
    const lease = new AbortController();
    const inFlight = new InFlightEntries(consumer.signal);
    inFlight.add('a', [entry('1-0')]);
    inFlight.restart('a', lease.signal);
    expect(inFlight.list('a')).toEqual([]);
    const [leased] = inFlight.add('a', [entry('1-0')]);
    const [other] = inFlight.add('b', [entry('1-0')]);
    lease.abort();
    expect([leased?.abortSignal?.aborted, other?.abortSignal?.aborted]).toEqual([true, false]);
    consumer.abort();
    expect(other?.abortSignal?.aborted).toBe(true);
  });
});
