import { InvalidOptionsError } from '@openedx-ts/events-core';
import type { StoredMessage, TopicBrowser } from '@openedx-ts/events-core/operate';
import { describe, expect, it } from 'vitest';
import { MemoryBroker } from './memory-broker.js';
import { MemoryEventBusAdmin } from './memory-event-bus-admin.js';

const textOf = ({ message }: StoredMessage) => Buffer.from(message.value ?? []).toString();
const textsOf = (messages: readonly StoredMessage[]) => messages.map(textOf);

function opened(partitions = 1) {
  const broker = new MemoryBroker({ partitions });
  const topics: TopicBrowser = new MemoryEventBusAdmin(broker).topics;
  const add = (...texts: string[]) => {
    for (const text of texts)
      broker.append({ topic: 'orders', key: Buffer.from(text), value: Buffer.from(text), headers: [] });
  };
  return { broker, topics, add };
}

describe('the newest messages of a memory topic', () => {
  it('are paged backwards without a gap, and followed from where the first page ended', async () => {
    const { topics, add } = opened(4);
    const texts = Array.from({ length: 25 }, (_, index) => `message ${index}`);
    add(...texts);
    const first = await topics.newest('orders', { count: 10 });
    const seen = textsOf(first.messages);
    for (let { before } = first; before !== undefined; ) {
      const page = await topics.newest('orders', { count: 10, before });
      seen.push(...textsOf(page.messages));
      before = page.before;
    }
    expect(seen.toSorted()).toEqual(texts.toSorted());

    add('later');
    const stop = new AbortController();
    for await (const page of topics.follow('orders', { from: first.end, abortSignal: stop.signal })) {
      expect(textsOf(page.messages)).toEqual(['later']);
      stop.abort();
    }
  });

  it('are none in a topic that does not exist, which is not made', async () => {
    const { broker, topics } = opened();
    const { messages, before, end } = await topics.newest('orders', { count: 10 });
    expect([messages, before, end]).toEqual([[], undefined, '-']);
    expect(await topics.describeTopic('orders')).toBeUndefined();
    expect(broker.topicNames).toEqual([]);
  });

  it.each([0, 1_001, 1.5, Number.NaN])('are refused as many as %s', async (count) => {
    await expect(opened().topics.newest('orders', { count })).rejects.toThrow(InvalidOptionsError);
  });

  it('are refused before what is no cursor', async () => {
    const query = { count: 1, before: 'yesterday' };
    await expect(opened().topics.newest('orders', query)).rejects.toThrow(InvalidOptionsError);
  });
});

describe('following a memory topic', () => {
  it('waits for a topic that is made later, and ends with its signal', async () => {
    const { broker, topics, add } = opened();
    const stop = new AbortController();
    const following = topics.follow('orders', { abortSignal: stop.signal })[Symbol.asyncIterator]();
    const first = following.next();
    expect(broker.topicNames).toEqual([]);
    add('one');
    const { value } = await first;
    expect(textsOf(value.messages)).toEqual(['one']);
    const second = following.next();
    stop.abort();
    expect((await second).done).toBe(true);
  });

  it('ends with an error when the broker stops, and continues behind the last page', async () => {
    const { broker, topics, add } = opened();
    const { signal } = new AbortController();
    const following = topics.follow('orders', { from: '-', abortSignal: signal })[Symbol.asyncIterator]();
    add('one');
    const { next } = (await following.next()).value;
    const failed = following.next();
    broker.stop();
    await expect(failed).rejects.toMatchObject({ code: 'EVENTS_INFRASTRUCTURE' });
    broker.start();
    add('two');
    const again = topics.follow('orders', { from: next, abortSignal: signal })[Symbol.asyncIterator]();
    expect(textsOf((await again.next()).value.messages)).toEqual(['two']);
  });
});

describe('the description of a memory topic', () => {
  it('gives length, oldest and newest message of each partition', async () => {
    const { topics, add } = opened();
    add('one', 'two', 'three');
    const described = await topics.describeTopic('orders');
    expect(described?.lanes).toMatchObject([
      { lane: 'orders/0', length: 3, first: { position: '0:0' }, last: { position: '0:2' } },
    ]);
    expect(described?.retention).toEqual({ maxAgeMs: null, maxBytes: null, maxMessages: 10_000 });
  });
});
