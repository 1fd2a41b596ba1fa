import type { Message } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { MemoryBroker } from './memory-broker.js';
import { MemoryEventBusProducer } from './memory-event-bus-producer.js';

const message = (name: string): Message => ({
  topic: 'orders',
  key: Buffer.from(name.slice(0, 1)),
  value: Buffer.from(name),
  headers: [],
});
const large = `a${'x'.repeat(100)}`;
const stored = (broker: MemoryBroker) => broker.messages('orders').map(({ value }) => String(value));

describe('the memory producer', () => {
  it.each([
    ['the event for one that is too large', large, false, { fault: 'event', isTooLarge: true }],
    ['the bus for a broker that is stopped', 'a', true, { fault: 'bus', retryable: true }],
  ])('blames %s', async (_, name, isStopped, expected) => {
    const broker = new MemoryBroker({ maxMessageBytes: 50 });
    if (isStopped) broker.stop();
    await using producer = new MemoryEventBusProducer({ broker, deliveryTimeoutMs: 1 });
    const [result] = await producer.publishMessages([message(name)]);
    expect(result).toMatchObject({ status: 'rejected', reason: expected });
  });

  it('stores no message of a key behind one that it refused, until that is settled', async () => {
    const broker = new MemoryBroker({ maxMessageBytes: 50, partitions: 1 });
    await using producer = new MemoryEventBusProducer({ broker });
    const batch = ['a1', large, 'b1', 'a2'].map(message);
    const ordered = await producer.publishMessages(batch, { inOrder: true });
    expect(ordered.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(stored(broker)).toEqual(['a1', 'b1']);
    await producer.publishMessages(batch);
    expect(stored(broker)).toEqual(['a1', 'b1', 'a1', 'b1', 'a2']);
  });
});

it('keeps no more than is retained of a topic that no group reads', () => {
  const broker = new MemoryBroker({ partitions: 1, retainedMessages: 100 });
  const message = { topic: 'orders', key: null, value: Buffer.from('x'), headers: [] };
  for (let number = 0; number < 1_000; number += 1) broker.append(message);
  const kept = broker.messages('orders');
  expect(kept.length).toBeLessThanOrEqual(110);
  expect(kept.at(-1)?.offset).toBe(999);
});
