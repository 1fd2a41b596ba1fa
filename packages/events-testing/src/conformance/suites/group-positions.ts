import assert from 'node:assert/strict';
import { comparePositions, type GroupProgress, type TopicStore } from '@openedx-ts/events-core/operate';
import type { Bench } from '../bench.js';
import { assertEachOnce, range } from '../expectations.js';
import { readAll } from '../read-all.js';
import { suite } from './suite.js';

/** Operators can see the position of a group, and set it back. */
export const groupPositions = suite('group positions', [
  {
    name: 'returns undefined for a group that does not exist, and creates none',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic, groupId] = [await bench.topicStore(), await bench.topic(), bench.group()];
      await bench.send(topic, { number: 1 });
      for (const _ of range(1, 2)) assert.equal(await store.groupProgress(topic, groupId), undefined);
    },
  },
  {
    name: 'reports the active members of a group, and the positions at which it resumes',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic, groupId] = [await bench.topicStore(), await bench.topic(), bench.group()];
      const consumer = await bench.consume({ topics: [topic], groupId });
      const receipts = await bench.sendAll(topic, range(1, 3));
      await bench.numbersUntil(groupId, 3);
      assert.ok(((await store.groupProgress(topic, groupId))?.activeMembers ?? 0) > 0, 'a member is at work');
      await bench.within('consumer.close()', consumer.close());
      const { next } = await withoutMembers(bench, store, topic, groupId);
      const processed = receipts.at(-1)?.position ?? '';
      const later = await bench.send(topic, { number: 4, key: 'key-0' });
      const lane = (await laneOf(store, topic, later.position)) ?? '';
      const position = next.get(lane) ?? assert.fail(`lane ${lane} has a position`);
      assert.ok(comparePositions(processed, position) < 0, 'it resumes behind the last processed event');
      assert.ok(comparePositions(position, later.position) <= 0, 'it resumes before the next event');
    },
  },
  {
    name: 'sets a group back to an event, and leaves its other lanes unchanged',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic, groupId] = [await bench.topicStore(), await bench.topic(), bench.group()];
      const consumer = await bench.consume({ topics: [topic], groupId });
      const { position, expected } = await sendSome(bench, store, topic);
      await bench.until('40 events', () => (bench.numbersOf(groupId).length >= 40 ? true : undefined));
      await bench.within('consumer.close()', consumer.close());
      await withoutMembers(bench, store, topic, groupId);
      await store.moveGroup(topic, groupId, [position]);
      await resumesWith(bench, topic, groupId, expected);
    },
  },
  {
    name: 'creates a group that starts at an event, and in other lanes with the events sent from then on',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic, groupId] = [await bench.topicStore(), await bench.topic(), bench.group()];
      const { position, expected } = await sendSome(bench, store, topic);
      await store.moveGroup(topic, groupId, [position]);
      assert.ok((await store.groupProgress(topic, groupId)) !== undefined, 'there is a group');
      await resumesWith(bench, topic, groupId, expected);
    },
  },
]);

/** Sends 1 to 40 under ten keys; gives the position of one in the middle of a lane, and the numbers from there on. */
async function sendSome(
  bench: Bench,
  store: TopicStore,
  topic: string,
): Promise<{ readonly position: string; readonly expected: readonly number[] }> {
  const receipts = await bench.sendAll(topic, range(1, 40), { keys: 10 });
  const numbers = new Map(receipts.map(({ position }, index) => [position, index + 1]));
  const stored = await readAll(store, topic);
  const from = stored[2] ?? assert.fail('there is nothing to read');
  const behind = stored.filter(
    ({ lane, position }) => lane === from.lane && comparePositions(position, from.position) >= 0,
  );
  return { position: from.position, expected: behind.map(({ position }) => numbers.get(position) ?? -1) };
}

/** A new consumer of the group gets these, and the other numbers only as they are sent anew. */
async function resumesWith(
  bench: Bench,
  topic: string,
  groupId: string,
  expected: readonly number[],
): Promise<void> {
  const before = bench.numbersOf(groupId).length;
  const consumer = await bench.consume({ topics: [topic], groupId });
  await bench.sendAll(topic, range(41, 60), { keys: 10 });
  await bench.numbersAgain(groupId, before, [...expected, ...range(41, 60)]);
  await bench.within('consumer.close()', consumer.close());
  assertEachOnce(bench.numbersOf(groupId).slice(before), [...expected, ...range(41, 60)]);
}

/** The progress of a group once nobody is at work in it. */
function withoutMembers(
  bench: Bench,
  store: TopicStore,
  topic: string,
  groupId: string,
): Promise<GroupProgress> {
  return bench.until('a group without members', async () => {
    const progress = await store.groupProgress(topic, groupId);
    return progress?.activeMembers === 0 ? progress : undefined;
  });
}

async function laneOf(store: TopicStore, topic: string, position: string): Promise<string | undefined> {
  return (await readAll(store, topic)).find((stored) => stored.position === position)?.lane;
}
