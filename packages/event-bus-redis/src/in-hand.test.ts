import { describe, expect, it } from 'vitest';
import { InHand } from './in-hand.js';
import type { StreamEntry } from './stream-reply.js';

const entry = (id: string): StreamEntry => ({
  id,
  fields: [Buffer.from('event_data'), Buffer.from('x')],
  deliveryCount: 3,
});

describe('InHand', () => {
  const { signal } = new AbortController();

  it('numbers what it takes, over all streams', () => {
    const inHand = new InHand(signal);
    const deliveries = [...inHand.take('a', [entry('1-0')]), ...inHand.take('b', [entry('1-0')])];
    expect(deliveries).toMatchObject([
      { lane: 'a', ordinal: 1, position: '1-0', deliveryCount: 3, message: { topic: 'a' } },
      { lane: 'b', ordinal: 2, position: '1-0' },
    ]);
  });

  it('takes nothing twice, in hand or finished', () => {
    const inHand = new InHand(signal);
    inHand.take('a', [entry('1-0')]);
    expect(inHand.take('a', [entry('1-0')])).toEqual([]);
    expect(inHand.takeNew('a', [entry('1-0')])).toEqual([]);
    inHand.finish('a', [1]);
    expect(inHand.take('a', [entry('1-0')])).toEqual([]);
    expect(inHand.ids('a')).toEqual([]);
  });

  it('takes what it finished when the group gets it anew', () => {
    const inHand = new InHand(signal);
    inHand.take('a', [entry('1-0')]);
    inHand.finish('a', [1]);
    expect(inHand.takeNew('a', [entry('1-0')])).toMatchObject([{ ordinal: 2, position: '1-0' }]);
  });

  it('knows ids by number until they are finished', () => {
    const inHand = new InHand(signal);
    for (const id of ['1-0', '2-0', '3-0']) inHand.take('a', [entry(id)]);
    expect(inHand.idsOf('a', [1, 3, 9])).toEqual(['1-0', '3-0']);
    inHand.finish('a', [1, 2]);
    expect(inHand.ids('a')).toEqual(['3-0']);
    expect(inHand.has('a', '2-0')).toBe(false);
    expect(inHand.has('a', '3-0')).toBe(true);
    expect(inHand.has('b', '3-0')).toBe(false);
  });

  it('remembers the newest ten thousand that were finished, and no more', () => {
    const inHand = new InHand(signal);
    for (let number = 1; number <= 10_001; number += 1) {
      inHand.take('a', [entry(`${number}-0`)]);
      inHand.finish('a', [number]);
    }
    expect(inHand.take('a', [entry('1-0')])).toHaveLength(1);
    expect(inHand.take('a', [entry('2-0')])).toEqual([]);
  });
});
