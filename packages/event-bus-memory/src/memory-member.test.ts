import { expect, it } from 'vitest';
import { MemoryBroker } from './memory-broker.js';
import { MemoryMember } from './memory-member.js';

it('reads no event behind which the group is committed, though its own position is before it', async () => {
  const broker = new MemoryBroker({ partitions: 1 });
  for (const key of ['a', 'b', 'c', 'd'])
    broker.append({ topic: 'orders', key: Buffer.from(key), value: Buffer.from(key), headers: [] });
  const member = new MemoryMember({ drainLane: async () => {}, reportUnread: () => {} });
  await broker.join('g', member, { topics: ['orders'], retryTopics: [], startFrom: 'earliest' });
  const read = (limit: number) => member.poll(limit).map(({ ordinal }) => ordinal);
  expect(read(1)).toEqual([0]);
  member.commitAhead('orders/0', [1, 2]); // as a member does that has drained them behind an unfinished event
  member.commit('orders/0', [0]);
  expect(read(10)).toEqual([3]);
  await member.leave();
  member.close();
});

it('commits any number of events at once', async () => {
  const broker = new MemoryBroker({ partitions: 1 });
  const member = new MemoryMember({ drainLane: async () => {}, reportUnread: () => {} });
  await broker.join('g', member, { topics: ['orders'], retryTopics: [], startFrom: 'earliest' });
  member.commit(
    'orders/0',
    Array.from({ length: 500_000 }, (_, offset) => offset),
  );
  expect(broker.findGroup('g')?.committed('orders', 0)).toBe(500_000);
  await member.leave();
  member.close();
});
