import { type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';
import {
  add,
  entriesOf,
  eventually,
  itemFields,
  loggedLines,
  pendingOf,
  receivedItems,
  replaced,
} from './redis-bench.test-support.js';
import { RedisTestServer } from './redis-test-server.test-support.js';

const redis = await redisOrReason({ appendonly: 'no' });
const poison = replaced(itemFields(0), 'event_data', 'x');

describe.skipIf(redis.reason !== undefined)(redis.titled('a stream whose key Redis refuses'), () => {
  const bench = new RedisTestServer(redis, 'refused');
  const other = () => `${bench.topic}-other`;
  const both = () => ({ topics: [bench.topic, other()] });
  const becomesText = () => bench.client.multi().del(bench.topic).set(bench.topic, 'no stream').exec();

  describe.each([
    ['of a shared group', { blockMs: 50 }],
    ['of a group with one active member', { blockMs: 50, singleActive: true, leaseMs: 2_000 }],
  ])('%s', (_what, mode) => {
    const reasons = /stream refused-\S+ is not read, .*WRONGTYPE .*delete the key/;

    it('does not keep other streams from being read, from the start on, and is read once the key is deleted', async () => {
      using received = receivedItems();
      using logged = loggedLines();
      await bench.client.set(bench.topic, 'no stream');
      await using consumer = bench.consume({ ...mode, ...both() });
      await consumer.consumer.ready;
      await add(bench.client, other(), itemFields(1));
      await eventually(() => received.numbers).toEqual([1]);
      expect(consumer.consumer.health()).toMatchObject({ live: true, ready: false });
      expect(consumer.consumer.health().reasons.join()).toMatch(reasons);
      await bench.client.del(bench.topic);
      await eventually(() => consumer.consumer.health()).toMatchObject({ ready: true, reasons: [] });
      await add(bench.client, bench.topic, itemFields(2));
      await add(bench.client, other(), itemFields(3));
      await eventually(() => received.numbers.toSorted()).toEqual([1, 2, 3]);
      expect(logged.lines.join('\n')).toMatch(
        /warn A stream cannot be read.*WRONGTYPE.*warn A stream can be/s,
      );
    });

    it('does not keep other streams from being read when its key becomes another type', async () => {
      using received = receivedItems();
      await using consumer = bench.consume({ ...mode, ...both() });
      await consumer.consumer.ready;
      await add(bench.client, bench.topic, itemFields(1));
      await eventually(() => received.numbers).toEqual([1]);
      await becomesText();
      await eventually(() => consumer.consumer.health().reasons.join()).toMatch(reasons);
      await add(bench.client, other(), itemFields(2));
      await eventually(() => received.numbers).toEqual([1, 2]);
      await eventually(() => pendingOf(bench.client, other(), bench.groupId)).toBe(0);
      await bench.client.del(bench.topic);
      await add(bench.client, bench.topic, itemFields(3));
      await eventually(() => received.numbers).toEqual([1, 2, 3]);
      await eventually(bench.pending).toBe(0);
      await eventually(() => consumer.consumer.health().ready).toBe(true);
    });

    it('is retried by a consumer that has no other stream, which stops in time', async () => {
      await bench.client.set(bench.topic, 'no stream');
      await using consumer = bench.consume(mode);
      await eventually(() => consumer.consumer.health().reasons.join()).toMatch(reasons);
      await consumer.consumer.close();
      expect(consumer.failure).toBeUndefined();
      expect(await bench.client.get(bench.topic)).toBe('no stream');
    });

    it('is left out when the user may not access its key, and read once the user may', async () => {
      using received = receivedItems();
      const user = `only-${bench.topic}-${'singleActive' in mode}`;
      const rules = ['reset', 'on', '>pw', '+@all', `~${other()}*`, '~openedx-events-schemas'];
      await bench.client.call('ACL', 'SETUSER', user, ...rules);
      await using consumer = bench.consume({ ...mode, ...both(), url: loginOf(bench.server, user) });
      await add(bench.client, other(), itemFields(1));
      await eventually(() => received.numbers).toEqual([1]);
      expect(consumer.consumer.health().reasons.join()).toMatch(/refused-\S+ is not read, .*NOPERM .*README/);
      await bench.client.call('ACL', 'SETUSER', user, `~${bench.topic}*`);
      await add(bench.client, bench.topic, itemFields(2));
      await eventually(() => received.numbers).toEqual([1, 2]);
      await bench.client.call('ACL', 'SETUSER', user, ...rules); // and is refused again while it is read
      await eventually(() => consumer.consumer.health().reasons.join()).toMatch(/NOPERM/);
      await add(bench.client, other(), itemFields(3));
      await eventually(() => received.numbers).toEqual([1, 2, 3]);
    });

    it('keeps the events of its own dead-letter stream waiting, and no others', async () => {
      using received = receivedItems();
      await bench.client.set(bench.deadLetterStream, 'no stream');
      for (const fields of [itemFields(1), poison, itemFields(2)])
        await add(bench.client, bench.topic, fields);
      await using consumer = bench.consume({ ...mode, ...both() });
      await eventually(() => consumer.consumer.health().reasons.join()).toMatch(
        new RegExp(`waits: Redis refuses XADD of ${bench.topic}\\.g\\.dlq: WRONGTYPE .*delete the key`),
      );
      await add(bench.client, other(), itemFields(3));
      await eventually(() => received.numbers).toEqual([1, 3]);
      expect(await bench.pending()).toBe(2);
      await bench.client.del(bench.deadLetterStream);
      await eventually(() => received.numbers).toEqual([1, 3, 2]);
      await eventually(bench.pending).toBe(0);
      expect(await entriesOf(bench.client, bench.deadLetterStream)).toHaveLength(1);
      expect(consumer.consumer.health().ready).toBe(true);
    });
  });
});

function loginOf({ host, port }: RedisServer, user: string): string {
  return `redis://${user}:pw@${host}:${port}`;
}
