import assert from 'node:assert/strict';
import { runtime } from '@openedx-ts/events-core/bus';
import type { Bench } from '../bench.js';
import { assertEachOnce, assertInOrder, assertNoneLost, range } from '../expectations.js';
import { suite } from './suite.js';

/** Every group gets every event; the consumers of one group divide them. */
export const groups = suite('groups', [
  {
    name: 'delivers every event to each of two groups',
    run: async (bench) => {
      const topic = await bench.topic();
      const pair = [bench.group(), bench.group()];
      for (const groupId of pair) await bench.consume({ topics: [topic], groupId });
      await bench.sendAll(topic, range(1, 50));
      for (const groupId of pair) {
        await bench.numbersUntil(groupId, 50);
        assertInOrder(bench.numbersOf(groupId), range(1, 50));
      }
    },
  },
  {
    name: 'keeps groups apart: a slow group delays no other group and acknowledges nothing for it',
    run: async (bench) => {
      const topic = await bench.topic();
      const [slow, quick] = [bench.group(), bench.group()];
      const hold = bench.hold(({ delivery }) => delivery?.groupId === slow);
      await bench.consume({ topics: [topic], groupId: slow });
      await bench.consume({ topics: [topic], groupId: quick });
      await bench.sendAll(topic, range(1, 5));
      assertInOrder(await bench.numbersUntil(quick, 5), range(1, 5));
      hold.release();
      assertInOrder(await bench.numbersUntil(slow, 5), range(1, 5));
    },
  },
  {
    name: 'divides the events of a group among its consumers and delivers none twice',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const consumers = [
        await bench.consume({ topics: [topic], groupId }),
        await bench.consume({ topics: [topic], groupId }),
      ];
      await bench.sendAll(topic, range(1, 200), { keys: 20 });
      await bench.items.count(200);
      for (const consumer of consumers) await bench.within('consumer.close()', consumer.close());
      assertEachOnce(bench.numbersOf(groupId), range(1, 200));
    },
  },
  {
    name: 'loses no event when consumers join and leave a group',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const first = await bench.consume({ topics: [topic], groupId });
      const sends = [bench.sendAll(topic, range(1, 50), { keys: 10 })];
      await bench.consume({ topics: [topic], groupId });
      sends.push(bench.sendAll(topic, range(51, 100), { keys: 10 }));
      await bench.within('consumer.close()', first.close());
      sends.push(bench.sendAll(topic, range(101, 150), { keys: 10 }));
      await Promise.all(sends);
      await bench.until('150 different events', () =>
        new Set(bench.numbersOf(groupId)).size >= 150 ? true : undefined,
      );
      assertNoneLost(bench.numbersOf(groupId), range(1, 150));
    },
  },
  {
    name: 'a graceful stop loses nothing that arrives meanwhile',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const sends: Promise<unknown>[] = [];
      for (let round = 0; round < 5; round += 1) {
        const consumer = await bench.consume({ topics: [topic], groupId });
        sends.push(bench.sendAll(topic, range(20 * round + 1, 20 * round + 10), { keys: 10 }));
        const closed = consumer.close();
        sends.push(bench.sendAll(topic, range(20 * round + 11, 20 * round + 20), { keys: 10 }));
        await bench.within('consumer.close()', closed);
      }
      await Promise.all(sends);
      await bench.consume({ topics: [topic], groupId });
      await bench.until('100 different events', () =>
        new Set(bench.numbersOf(groupId)).size >= 100 ? true : undefined,
      );
      assertNoneLost(bench.numbersOf(groupId), range(1, 100));
    },
  },
  {
    name: 'starts a new group with the events sent from then on',
    run: async (bench: Bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      await bench.sendAll(topic, range(1, 5));
      await bench.consume({ topics: [topic], groupId, startFrom: 'resume' });
      await bench.sendAll(topic, range(6, 8));
      assertInOrder(await bench.numbersUntil(groupId, 8), range(6, 8));
    },
  },
  {
    name: "starts a new group with every stored event (startFrom 'earliest')",
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      await bench.sendAll(topic, range(1, 5));
      await bench.consume({ topics: [topic], groupId, startFrom: 'earliest' });
      await bench.sendAll(topic, range(6, 8));
      assertInOrder(await bench.numbersUntil(groupId, 8), range(1, 8));
    },
  },
  {
    name: 'starts a new group at a time',
    needs: 'startAtTime',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const { clock } = runtime();
      const past = (time: number) =>
        bench.until('a later time', () => (clock.now() > time + 5 ? clock.now() : undefined));
      await bench.sendAll(topic, range(1, 3));
      const time = await past(clock.now());
      await past(time);
      await bench.sendAll(topic, range(4, 6));
      await bench.consume({ topics: [topic], groupId, startFrom: { time: new Date(time) } });
      assertInOrder(await bench.numbersUntil(groupId, 6), range(4, 6));
    },
  },
  {
    name: 'starts a new group with the event at a position',
    needs: 'startAtPosition',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const receipts = await bench.sendAll(topic, range(1, 6));
      const position = receipts[3]?.position ?? assert.fail('there is no receipt');
      await bench.consume({ topics: [topic], groupId, startFrom: { position } });
      assertInOrder(await bench.numbersUntil(groupId, 6), range(4, 6));
    },
  },
  {
    name: 'resumes at the position of a group, whatever startFrom is',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      let sent = 0;
      for (const startFrom of ['resume', 'earliest', 'resume'] as const) {
        const consumer = await bench.consume({ topics: [topic], groupId, startFrom });
        await bench.sendAll(topic, range(sent + 1, sent + 3));
        await bench.numbersUntil(groupId, sent + 3);
        await bench.within('consumer.close()', consumer.close());
        await bench.send(topic, { number: sent + 4, key: 'key-0' }); // while nobody is there
        sent += 4;
      }
      await bench.consume({ topics: [topic], groupId });
      assertInOrder(await bench.numbersUntil(groupId, sent), range(1, sent));
    },
  },
]);
