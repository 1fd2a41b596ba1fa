import assert from 'node:assert/strict';
import { runtime } from '@openedx-ts/events-core/bus';
import { comparePositions, type GroupFate, type TopicStore } from '@openedx-ts/events-core/operate';
import { range } from '../expectations.js';
import { readAll } from '../read-all.js';
import { suite } from './suite.js';

/** Operators can find an event, and see what became of it in every group. */
export const eventFates = suite('event fates', [
  {
    name: 'reads the messages stored until a time',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      const { clock } = runtime();
      const past = (time: number) =>
        bench.until('a later time', () => (clock.now() > time + 5 ? clock.now() : undefined));
      const receipts = await bench.sendAll(topic, range(1, 3));
      const until = await past(clock.now());
      await past(until);
      await bench.sendAll(topic, range(4, 6));
      assert.deepEqual(positionsOf(await readAll(store, topic, { until })), positionsOf(receipts));
      const all = await readAll(store, topic, { until: clock.now() + 3_600_000 });
      assert.equal(all.length, 6, 'until in an hour');
    },
  },
  {
    name: 'goes on behind a position, with all lanes after its own',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      await bench.sendAll(topic, range(1, 40), { keys: 10 });
      const all = positionsOf(await readAll(store, topic));
      for (const index of [0, 20, all.length - 1]) {
        const after = all[index] ?? assert.fail('there is a message');
        assert.deepEqual(positionsOf(await readAll(store, topic, { after })), all.slice(index + 1));
      }
    },
  },
  {
    name: 'reports for each group that reads a topic whether a message has passed or waits',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      const [ahead, behind] = [bench.group(), bench.group()];
      const consumer = await bench.consume({ topics: [topic], groupId: ahead });
      const receipts = await bench.sendAll(topic, range(1, 3));
      await bench.numbersUntil(ahead, 3);
      await bench.within('consumer.close()', consumer.close());
      const [first, second, third] = positionsOf(receipts).toSorted(comparePositions);
      await store.moveGroup(topic, behind, [second ?? assert.fail('three were sent')]);
      const seen = [first, second, third].map(async (position) => {
        const fates = await store.fateOf(topic, position ?? '');
        assert.deepEqual(
          fates.map(({ groupId }) => groupId),
          [ahead, behind].sort(),
          'both groups',
        );
        return [stateIn(fates, ahead), stateIn(fates, behind)];
      });
      const states = await Promise.all(seen);
      for (const [state] of states) assert.ok(state === 'passed' || state === 'handled', `ahead: ${state}`);
      assert.deepEqual(
        states.map(([, state]) => state),
        ['passed', 'waiting', 'waiting'],
      );
    },
  },
  {
    name: 'reports a message that a member has as in flight, or as waiting',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic, groupId] = [await bench.topicStore(), await bench.topic(), bench.group()];
      const hold = bench.hold(({ data }) => data.item.number === 1);
      await bench.consume({ topics: [topic], groupId });
      const { position } = await bench.send(topic, { number: 1 });
      await hold.reached();
      const state = stateIn(await store.fateOf(topic, position), groupId);
      assert.ok(state === 'in flight' || state === 'waiting', `it is ${state}`);
      hold.release();
      await bench.until(
        'it has passed',
        async () => (await hasPassed(store, topic, position, groupId)) || undefined,
      );
    },
  },
  {
    name: 'knows no fate in a topic that does not exist, and refuses what is no position',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      const { position } = await bench.send(topic, { number: 1 });
      assert.deepEqual(await store.fateOf(`${topic}-missing`, position), []);
      assert.ok(!(await store.topicNames()).includes(`${topic}-missing`), 'the topic is not made');
      await assert.rejects(store.fateOf(topic, 'nowhere'), { code: 'EVENTS_INVALID_OPTIONS' });
    },
  },
]);

async function hasPassed(
  store: TopicStore,
  topic: string,
  position: string,
  groupId: string,
): Promise<boolean> {
  const state = stateIn(await store.fateOf(topic, position), groupId);
  return state === 'passed' || state === 'handled';
}

function stateIn(fates: readonly GroupFate[], groupId: string): GroupFate['state'] | undefined {
  return fates.find((fate) => fate.groupId === groupId)?.state;
}

function positionsOf(places: readonly { readonly position: string }[]): string[] {
  return places.map(({ position }) => position);
}
