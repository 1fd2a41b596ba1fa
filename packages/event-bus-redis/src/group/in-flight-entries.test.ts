import { describe, expect, it } from 'vitest';
import type { StreamEntry } from '../stream/stream-reply.js';
import { InHand } from './in-flight-entries.js';

const entry = (id: string): StreamEntry => ({
  id,
  fields: [Buffer.from('event_data'), Buffer.from('x')],
  deliveryCount: 3,
});

describe('InHand', () => {
  const { signal } = new AbortController();

  it('numbers what it takes, over all streams', () => {
    const inHand = new InHand(signal);
    const deliveries = [...inHand.takeNew('a', [entry('1-0')]), ...inHand.takeNew('b', [entry('1-0')])];
    expect(deliveries).toMatchObject([
      { lane: 'a', ordinal: 1, position: '1-0', deliveryCount: 3, message: { topic: 'a' } },
      { lane: 'b', ordinal: 2, position: '1-0' },
    ]);
  });

  it('takes nothing twice that is in hand', async () => {
    const inHand = new InHand(signal);
    inHand.takeNew('a', [entry('1-0')]);
    expect(inHand.takeNew('a', [entry('1-0')])).toEqual([]);
    const list = { entries: [entry('1-0'), entry('2-0')] };
    const taken = await inHand.takeListed('a', async () => list);
    expect(taken).toMatchObject({ list, deliveries: [{ ordinal: 2, position: '2-0' }] });
  });

  it('does not take what was finished while the list was on its way, and takes it when the group gets it anew', async () => {
    const inHand = new InHand(signal);
    inHand.takeNew('a', [entry('1-0'), entry('2-0')]);
    const { deliveries } = await inHand.takeListed('a', async () => {
      inHand.finish('a', [1]);
      return { entries: [entry('1-0'), entry('2-0')] };
    });
    expect(deliveries).toEqual([]);
    expect(inHand.ids('a')).toEqual(['2-0']);
    expect(inHand.takeNew('a', [entry('1-0')])).toMatchObject([{ ordinal: 3, position: '1-0' }]);
  });

  it('takes nothing when there is no list', async () => {
    const inHand = new InHand(signal);
    const taken = await inHand.takeListed('a', async () => undefined);
    expect(taken).toEqual({ list: undefined, deliveries: [] });
  });

  it('knows ids by number until they are finished', () => {
    const inHand = new InHand(signal);
    for (const id of ['1-0', '2-0', '3-0']) inHand.takeNew('a', [entry(id)]);
    expect(inHand.idsOf('a', [1, 3, 9])).toEqual(['1-0', '3-0']);
    inHand.finish('a', [1, 2]);
    expect(inHand.ids('a')).toEqual(['3-0']);
    expect(inHand.has('a', '2-0')).toBe(false);
    expect(inHand.has('a', '3-0')).toBe(true);
    expect(inHand.has('b', '3-0')).toBe(false);
  });
});
