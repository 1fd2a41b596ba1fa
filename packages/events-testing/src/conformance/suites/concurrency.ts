import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Consumer,
  DeadLetterEventError,
  InfrastructureError,
  RetryEventError,
} from '@openedx-ts/events-core';
import { deadLetterTopic } from '@openedx-ts/events-core/bus';
import type { Bench } from '../bench.js';
import { assertEachOnce, assertInOrder, assertNoneLost, assertOrderOfKeys, range } from '../expectations.js';
import { suite } from './suite.js';

/** Events of different keys are processed concurrently, events of one key in order, and no unfinished event is lost. */
export const concurrency = suite('concurrency', [
  {
    name: 'keeps the order of each key while events of different keys are processed concurrently',
    run: async (bench) => {
      const topic = await bench.topic();
      bench.signals.item.connect(async ({ data }) => {
        for (let turns = (data.item.number * 7) % 5; turns > 0; turns -= 1) await nextTurn();
      });
      await bench.sendAll(topic, range(1, 200), { keys: 10 });
      await bench.consume({ topics: [topic], startFrom: 'earliest', concurrency: 10 });
      await bench.items.count(200);
      const items = bench.items.events.map(({ data }) => data.item);
      assertOrderOfKeys(items, range(1, 200));
    },
  },
  {
    name: 'does not let a slow key hold up others',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const hold = bench.hold(({ data }) => data.item.key === 'slow');
      const finished: number[] = [];
      bench.signals.item.connect(({ data }) => void finished.push(data.item.number));
      await bench.consume({ topics: [topic], groupId, concurrency: 10 });
      await bench.send(topic, { number: 1, key: 'slow' });
      await bench.send(topic, { number: 2, key: 'slow' });
      await hold.reached();
      await bench.sendAll(topic, range(3, 40), { keys: 8 });
      await bench.until('the events of other keys', () => (finished.length >= 38 ? true : undefined));
      assertNoneLost(finished, range(3, 40));
      hold.release();
      await bench.until('the events of the slow key', () => (finished.length >= 40 ? true : undefined));
      assertInOrder(finished.slice(38), [1, 2]);
    },
  },
  {
    name: 'does not let a key that waits for infrastructure hold up others, and is not ready meanwhile',
    run: async (bench) => {
      const topic = await bench.topic();
      let isDown = true;
      const processed: number[] = [];
      bench.signals.item.connect(({ data }) => {
        if (isDown && data.item.key === 'down') throw new InfrastructureError('the database is down');
        processed.push(data.item.number);
      });
      const consumer = await bench.consume({ topics: [topic], concurrency: 10 });
      await bench.send(topic, { number: 1, key: 'down' });
      await bench.send(topic, { number: 2, key: 'down' });
      await bench.until('a consumer that is not ready', () => (consumer.health().ready ? undefined : true));
      await bench.sendAll(topic, range(3, 40), { keys: 8 });
      await bench.until('the events of other keys', () => (processed.length >= 38 ? true : undefined));
      assert.equal(consumer.health().ready, false);
      isDown = false;
      await bench.until('the events of the key that waited', () =>
        processed.length >= 40 ? true : undefined,
      );
      assertInOrder(processed.slice(38), [1, 2]);
      await bench.until('readiness', () => (consumer.health().ready ? true : undefined));
    },
  },
  {
    name: 'redelivers an event that was in flight at a crash, although later events of other keys were processed',
    needs: 'crashConsumer',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const hold = bench.hold(({ data }) => data.item.number === 1);
      const consumer = await bench.consume({ topics: [topic], groupId, concurrency: 10, ackEvery: 1 });
      await bench.send(topic, { number: 1, key: 'slow' });
      await hold.reached();
      await bench.sendAll(topic, range(2, 20), { keys: 8 });
      await bench.items.count(20);
      await bench.crash(consumer);
      const before = bench.numbersOf(groupId).length;
      await bench.consume({ topics: [topic], groupId });
      await bench.numbersAgain(groupId, before, [1]);
    },
  },
  {
    name: 'redelivers events that were not processed when a consumer was closed, although later events of other keys were',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const [first, second] = [1, 2].map((number) => bench.hold(({ data }) => data.item.number === number));
      const consumer = await bench.consume({
        topics: [topic],
        groupId,
        concurrency: 10,
        drainTimeoutMs: 300,
      });
      await bench.send(topic, { number: 1, key: 'slow' });
      await bench.send(topic, { number: 2, key: 'slow' });
      await first?.reached();
      await bench.sendAll(topic, range(3, 20), { keys: 8 });
      await bench.until('the events of other keys', () =>
        bench.numbersOf(groupId).length >= 19 ? true : undefined,
      );
      const closed = consumer.close();
      first?.release(); // the second begins or not, as it happens, and does not end
      await bench.within('consumer.close()', closed);
      const before = bench.numbersOf(groupId).length;
      await bench.consume({ topics: [topic], groupId });
      await bench.numbersAgain(groupId, before, [2]);
      second?.release();
    },
  },
  {
    name: 'repeats nothing that was processed or dead-lettered behind an event that backs off when its consumer is closed',
    needs: 'acknowledgementsAhead',
    run: (bench) =>
      repeatsOnlyTheFirst(bench, async (consumer, start) => {
        await bench.within('consumer.close()', consumer.close());
        await start();
      }),
  },
  {
    name: 'repeats nothing that was processed or dead-lettered behind an event that backs off when a consumer joins',
    needs: 'acknowledgementsAhead',
    run: (bench) =>
      repeatsOnlyTheFirst(bench, async (consumer, start) => {
        await start();
        await bench.within('consumer.close()', consumer.close());
      }),
  },
]);

/** Event 1 backs off and all others are processed, 7 of them into a dead letter; then another consumer continues. */
async function repeatsOnlyTheFirst(
  bench: Bench,
  replace: (consumer: Consumer, start: () => Promise<Consumer>) => Promise<void>,
): Promise<void> {
  const [topic, groupId] = [await bench.topic(), bench.group()];
  let isBroken = true;
  bench.signals.item.connect(({ data: { item } }) => {
    if (item.number === 1 && isBroken) throw new RetryEventError('broken', { retryAfterMs: 60_000 });
    if (item.number === 7) throw new DeadLetterEventError('no such course');
  });
  const start = () => bench.consume({ topics: [topic], groupId, concurrency: 10 });
  const consumer = await start();
  await bench.send(topic, { number: 1, key: 'slow' });
  await bench.numbersUntil(groupId, 1);
  await bench.sendAll(topic, range(2, 60), { keys: 20 });
  await bench.until('the events of other keys', () =>
    bench.numbersOf(groupId).length >= 60 ? true : undefined,
  );
  await bench.messages(deadLetterTopic(topic, groupId));
  isBroken = false;
  await replace(consumer, start);
  await bench.sendAll(topic, range(61, 80), { keys: 20 });
  await bench.numbersAgain(groupId, 60, [1, ...range(61, 80)]);
  assertEachOnce(bench.numbersOf(groupId).slice(60), [1, ...range(61, 80)]);
  assert.equal((await bench.harness.readTopic(deadLetterTopic(topic, groupId))).length, 1);
}
