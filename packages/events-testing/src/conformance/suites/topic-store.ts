import assert from 'node:assert/strict';
import { deadLetterTopic, runtime } from '@openedx-ts/events-core/bus';
import { comparePositions, type StoredMessage } from '@openedx-ts/events-core/operate';
import type { Bench } from '../bench.js';
import { asText } from '../dead-letter-assertions.js';
import { assertInOrder, range } from '../expectations.js';
import { readAll } from '../read-all.js';
import { suite } from './suite.js';

/** Operators can read topics, append to them, and remove dead letters. */
export const topicStore = suite('topic store', [
  {
    name: 'lists the topics that exist, dead-letter topics included',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic, deadLetterTopicName] = [
        await bench.topicStore(),
        await bench.topic(),
        await deadLetterTopicOf(bench),
      ];
      await bench.send(topic, { number: 1 });
      await store.write(await bench.rawItem(deadLetterTopicName, { number: 2 }));
      const names = await store.topicNames();
      assert.ok(names.includes(topic), 'the topic is named');
      assert.ok(names.includes(deadLetterTopicName), 'the dead-letter topic is listed');
      assert.deepEqual(names.toSorted(), [...new Set(names)].sort(), 'no topic is named twice');
    },
  },
  {
    name: 'reads the messages of a topic, lane by lane and each in order, with the positions of receipts',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      const receipts = await bench.sendAll(topic, range(1, 40), { keys: 10 });
      const stored = await readAll(store, topic);
      const messages = await bench.messages(topic, 40);
      const texts = stored.map(({ message }) => asText(message));
      assert.deepEqual(texts.toSorted(), messages.map(asText).sort());
      assert.deepEqual(positionsOf(stored).toSorted(), positionsOf(receipts).sort());
      const laneChanges = stored.filter(({ lane }, index) => lane !== stored[index - 1]?.lane);
      assert.equal(laneChanges.length, new Set(stored.map(({ lane }) => lane)).size, 'lane by lane');
      const inOrder = stored.toSorted(
        (a, b) =>
          (a.lane === b.lane ? 0 : stored.indexOf(a) - stored.indexOf(b)) ||
          comparePositions(a.position, b.position),
      );
      assert.deepEqual(positionsOf(stored), positionsOf(inOrder), 'each lane in order');
      for (const { storedAt } of stored) {
        const isNow = storedAt === null || Math.abs(runtime().clock.now() - storedAt) < 3_600_000;
        assert.ok(isNow, 'storedAt is in milliseconds since 1970, or null');
      }
    },
  },
  {
    name: 'reads every message stored when the read starts, and none stored meanwhile',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      const receipts = await bench.sendAll(topic, range(1, 1_200), { keys: 4 });
      const read: StoredMessage[] = [];
      for await (const page of store.read(topic)) {
        if (read.length === 0) await bench.sendAll(topic, range(1_201, 1_204), { keys: 4 });
        read.push(...page);
      }
      assert.deepEqual(positionsOf(read).sort(), positionsOf(receipts).sort());
    },
  },
  {
    name: 'reads from a position on, in the lane of the position only',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      await bench.sendAll(topic, range(1, 40), { keys: 10 });
      const stored = await readAll(store, topic);
      for (const { lane, position } of [stored[1], stored.at(-1)].filter((one) => one !== undefined)) {
        const expected = stored.filter(
          (one) => one.lane === lane && comparePositions(one.position, position) >= 0,
        );
        const found = await readAll(store, topic, { from: position });
        assert.deepEqual(positionsOf(found), positionsOf(expected));
      }
    },
  },
  {
    name: 'reads the messages stored since a time',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      const { clock } = runtime();
      const past = (time: number) =>
        bench.until('a later time', () => (clock.now() > time + 5 ? clock.now() : undefined));
      await bench.sendAll(topic, range(1, 3));
      const since = await past(clock.now());
      await past(since);
      const receipts = await bench.sendAll(topic, range(4, 6));
      assert.deepEqual(positionsOf(await readAll(store, topic, { since })), positionsOf(receipts));
      const never = await readAll(store, topic, { since: clock.now() + 3_600_000 });
      assert.deepEqual(never, [], 'what was stored in an hour');
    },
  },
  {
    name: 'refuses to read from text that is not a position',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      await bench.send(topic, { number: 1 });
      await assert.rejects(readAll(store, topic, { from: 'nowhere' }), { code: 'EVENTS_INVALID_OPTIONS' });
    },
  },
  {
    name: 'reads nothing from a topic that does not exist, and creates none',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, missing] = [await bench.topicStore(), `${await bench.topic()}-missing`];
      assert.deepEqual(await readAll(store, missing), []);
      assert.ok(!(await store.topicNames()).includes(missing), 'the topic is not made');
    },
  },
  {
    name: 'reads without any effect on groups',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic, groupId] = [await bench.topicStore(), await bench.topic(), bench.group()];
      const consumer = await bench.consume({ topics: [topic], groupId });
      await bench.send(topic, { number: 1, key: 'key-0' });
      await bench.numbersUntil(groupId, 1);
      await bench.within('consumer.close()', consumer.close());
      await bench.sendAll(topic, range(2, 10));
      assert.equal((await readAll(store, topic)).length, 10);
      await bench.consume({ topics: [topic], groupId });
      assertInOrder(await bench.numbersUntil(groupId, 10), range(1, 10));
    },
  },
  {
    name: 'appends a whole message to its topic, and returns its position',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic, groupId] = [await bench.topicStore(), await bench.topic(), bench.group()];
      const { position: before } = await bench.send(topic, { number: 1 });
      const item = await bench.rawItem(topic, { number: 2, note: 'whole' });
      const message = { ...item, headers: [...item.headers, ['x-more', Buffer.from('more')] as const] };
      const position = await store.write(message);
      assert.ok(comparePositions(before, position) < 0, 'it lies behind');
      const [stored] = await readAll(store, topic, { from: position });
      assert.equal(stored && asText(stored.message), asText(message));
      await bench.consume({ topics: [topic], groupId, startFrom: 'earliest' });
      assertInOrder(await bench.numbersUntil(groupId, 2), [1, 2]);
    },
  },
  {
    name: 'throws InfrastructureError while the broker is unreachable, and works when it is back',
    needs: ['createAdmin', 'outage'],
    run: async (bench) => {
      const [store, topic, deadLetterTopicName] = [
        await bench.topicStore(),
        await bench.topic(),
        await deadLetterTopicOf(bench),
      ];
      const { position } = await bench.send(topic, { number: 1 });
      const item = await bench.rawItem(deadLetterTopicName, { number: 2 });
      await bench.stopBroker();
      const questions = {
        topicNames: () => store.topicNames(),
        read: () => readAll(store, topic),
        write: () => store.write(item),
        remove: () => store.remove(deadLetterTopicName, [position], 'purged'),
        groupProgress: () => store.groupProgress(topic, bench.group()),
        moveGroup: () => store.moveGroup(topic, bench.group(), [position]),
      };
      for (const [name, ask] of Object.entries(questions)) {
        const asked = assert.rejects(ask(), { code: 'EVENTS_INFRASTRUCTURE' }, `${name} rejects`);
        await bench.within(`${name} rejects`, asked);
      }
      await bench.startBroker();
      assert.equal(
        (await bench.until('an answer', () => readAll(store, topic).catch(() => undefined))).length,
        1,
      );
    },
  },
  ...(['redriven', 'purged'] as const).map((why) => ({
    name: `never reads dead letters again that were removed (${why}), and keeps the others`,
    needs: 'createAdmin' as const,
    run: async (bench: Bench) => {
      const [store, deadLetterTopicName] = [await bench.topicStore(), await deadLetterTopicOf(bench)];
      const items = await Promise.all(
        range(1, 8).map((number) => bench.rawItem(deadLetterTopicName, { number, key: `key-${number % 2}` })),
      );
      for (const item of items) await store.write(item);
      const stored = positionsOf(await readAll(store, deadLetterTopicName));
      assert.equal(stored.length, 8);
      const isRemoved = (_position: string, index: number) => index % 3 === 1;
      const isKept = (position: string, index: number) => !isRemoved(position, index);
      await store.remove(deadLetterTopicName, stored.filter(isRemoved), why);
      for (const looking of [store, await bench.topicStore()])
        assert.deepEqual(positionsOf(await readAll(looking, deadLetterTopicName)), stored.filter(isKept));
      await store.remove(deadLetterTopicName, stored.filter(isKept), why);
      const [first] = items;
      const position = first && (await store.write(first));
      assert.deepEqual(positionsOf(await readAll(store, deadLetterTopicName)), [position]);
    },
  })),
]);

/** Returns a dead-letter topic that exists. */
async function deadLetterTopicOf(bench: Bench): Promise<string> {
  const fullTopic = deadLetterTopic(await bench.topic(), bench.group());
  await bench.harness.createTopic?.(fullTopic);
  return fullTopic;
}

function positionsOf(places: readonly { readonly position: string }[]): string[] {
  return places.map(({ position }) => position);
}
