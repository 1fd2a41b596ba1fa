import assert from 'node:assert/strict';
import { laneOf, type OutboxEntry } from '@openedx-ts/events-outbox';
import type { StoreBench } from '../store-bench.js';
import { storeSuite } from '../store-test.js';

/** Schedules that are forced step by step: nothing in them depends on which transaction is faster. */
export const orderOfCommits = storeSuite('order of commits', [
  {
    name: 'reads the entries of a key in the order in which their transactions committed',
    needs: 'connect',
    run: async (bench) => {
      const topic = bench.topic();
      const [first, second] = [await bench.begin(), await bench.begin()];
      await bench.append(first, bench.entry(topic, 'key', { eventType: 'first' }));
      const appended = bench.append(second, bench.entry(topic, 'key', { eventType: 'second' }));
      const commits: string[] = [];
      const hasOvertaken = await bench.hasEnded(second, appended);
      for (const name of hasOvertaken ? ['second', 'first'] : ['first', 'second']) {
        if (name === 'second') await bench.within('the append of the second transaction', appended);
        await bench.commitOf(name === 'first' ? first : second);
        commits.push(name);
      }
      assert.deepEqual(await eventTypesIn(bench, topic), commits);
    },
  },
  {
    name: 'reads the entry of a transaction that started first and committed last behind those before it',
    needs: 'connect',
    run: async (bench) => {
      const topic = bench.topic();
      const early = await bench.begin();
      await writeSomething(bench, early);
      await bench.commit(bench.entry(topic, 'key', { eventType: 'committed first' }));
      await bench.append(early, bench.entry(topic, 'key', { eventType: 'started first' }));
      await bench.commitOf(early);
      assert.deepEqual(await eventTypesIn(bench, topic), ['committed first', 'started first']);
    },
  },
  {
    name: 'reads committed entries while a transaction of somebody else is open',
    needs: 'connect',
    run: async (bench) => {
      const topic = bench.topic();
      await writeSomething(bench, await bench.begin());
      await bench.commit(bench.entry(topic, 'key'));
      assert.deepEqual(await bench.pendingKeys(topic), ['key']);
    },
  },
  {
    name: 'reads an entry whose transaction committed behind later positions, also when those are removed',
    needs: 'connect',
    run: async (bench) => {
      const topic = bench.topic();
      const slow = await bench.begin();
      await bench.append(slow, bench.entry(topic, 'slow'));
      await bench.commit(bench.entry(topic, 'quick'));
      const quick = await bench.onlyPending(topic);
      await bench.store.removePublished(bench.database, topic, [{ ...quick, busPosition: '0:0' }], {
        keep: false,
      });
      await bench.commitOf(slow);
      const found = await bench.onlyPending(topic);
      assert.equal(found.key, 'slow');
      assert.ok(found.position < quick.position, 'the schedule needs the position to be drawn first');
    },
  },
  {
    name: 'commits two transactions that append the same keys in opposite orders',
    needs: 'connect',
    run: async (bench) => {
      const topic = bench.topic();
      const [one, other, between] = keysOfLanes(topic, 3).map((key) => bench.entry(topic, key)) as [
        OutboxEntry,
        OutboxEntry,
        OutboxEntry,
      ];
      const holder = await bench.begin();
      await bench.append(holder, between);
      const forward = await bench.begin();
      const forwardAppended = bench.append(forward, one, between, other);
      await bench.hasEnded(forward, forwardAppended);
      const backward = await bench.begin();
      const backwardAppended = bench.append(backward, other, one);
      await bench.hasEnded(backward, backwardAppended);
      await bench.commitOf(holder);
      await bench.within(
        'both transactions',
        Promise.all([
          forwardAppended.then(() => bench.commitOf(forward)),
          backwardAppended.then(() => bench.commitOf(backward)),
        ]),
      );
      assert.equal((await bench.pending(topic)).length, 6);
    },
  },
  ...[
    { what: 'one entry', count: 1 },
    { what: 'three entries', count: 3 },
    { what: '1,100 entries', count: 1_100 },
  ].map(({ what, count }) => ({
    name: `draws no position for ${what} before it holds every lane`,
    needs: 'connect' as const,
    run: async (bench: StoreBench) => {
      const topic = bench.topic();
      const keys = keysOfLanes(topic, 12);
      const [hot = '', free = '', ...others] = keys;
      const holder = await bench.begin();
      await bench.append(holder, bench.entry(topic, hot));
      const waiting = await bench.begin();
      const entries = Array.from({ length: count - 1 }, (_, index) =>
        bench.entry(topic, others[index % others.length] ?? ''),
      );
      const appended = bench.append(waiting, ...entries, bench.entry(topic, hot, { eventType: 'last' }));
      assert.equal(await bench.hasEnded(waiting, appended), false, 'the lane is held by another transaction');
      await bench.within('a commit in another lane', bench.commit(bench.entry(topic, free)));
      await bench.commitOf(holder);
      await bench.within('the append', appended);
      await bench.commitOf(waiting);
      const read = await bench.pendingKeys(topic);
      assert.deepEqual(read.slice(0, 2), [hot, free]);
      assert.deepEqual(read.slice(2), [...entries.map(({ key }) => key), hot]);
    },
  })),
]);

/** Writes to a table that no other test looks at, so that the database gives the transaction an id. */
function writeSomething(
  bench: StoreBench,
  { executor }: Awaited<ReturnType<StoreBench['begin']>>,
): Promise<void> {
  const text = `"${bench.topic()}"`;
  return bench.store.storeSchemas(executor, [{ fingerprint: bench.topic(), text }]);
}

async function eventTypesIn(bench: StoreBench, topic: string): Promise<readonly string[]> {
  return (await bench.pending(topic)).map(({ eventType }) => eventType);
}

/** So many keys, each of another lane. */
function keysOfLanes(topic: string, count: number): readonly string[] {
  const keys = new Map<number, string>();
  for (let number = 0; keys.size < count; number += 1) {
    const key = `key ${number}`;
    const lane = laneOf(topic, key);
    if (!keys.has(lane)) keys.set(lane, key);
  }
  return [...keys.values()];
}
