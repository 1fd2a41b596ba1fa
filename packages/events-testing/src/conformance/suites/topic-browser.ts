import assert from 'node:assert/strict';
import { deadLetterTopic } from '@openedx-ts/events-core/bus';
import {
  comparePositions,
  type FollowedMessages,
  type StoredMessage,
  type TopicStore,
} from '@openedx-ts/events-core/operate';
import type { Bench } from '../bench.js';
import { range } from '../expectations.js';
import { readAll } from '../read-all.js';
import { suite } from './suite.js';

/** Operators can look at a topic: what is newest, what arrives, how much there is. */
export const topicBrowser = suite('topic browser', [
  {
    name: 'returns the newest messages page by page, each lane in its order, until none are older',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      await bench.sendAll(topic, range(1, 40), { keys: 10 });
      const pages: StoredMessage[][] = [];
      for (let before: string | undefined, isFirst = true; isFirst || before !== undefined; isFirst = false) {
        const page = await store.newest(topic, { count: 7, before });
        pages.push([...page.messages]);
        before = page.before;
        assert.ok(pages.length <= 6, `${pages.length} pages of 7 for 40 messages`);
      }
      const sizes = pages.map(({ length }) => length);
      assert.deepEqual(sizes, [7, 7, 7, 7, 7, 5]);
      const oldestFirst = pages.flat().toReversed();
      const all = await readAll(store, topic);
      for (const lane of new Set(all.map((one) => one.lane)))
        assert.deepEqual(positionsIn(oldestFirst, lane), positionsIn(all, lane), lane);
      assert.deepEqual(textsOf(oldestFirst).toSorted(), textsOf(all).sort());
    },
  },
  {
    name: 'shows nothing of a topic that does not exist, creates none, and refuses what is no cursor',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      await bench.send(topic, { number: 1 });
      const { messages, before } = await store.newest(`${topic}-missing`, { count: 10 });
      assert.deepEqual([messages, before], [[], undefined]);
      assert.equal(await store.describeTopic(`${topic}-missing`), undefined);
      assert.ok(!(await store.topicNames()).includes(`${topic}-missing`), 'the topic is not made');
      const refused = { code: 'EVENTS_INVALID_OPTIONS' };
      await assert.rejects(store.newest(topic, { count: 0 }), refused);
      await assert.rejects(store.newest(topic, { count: 1, before: 'yesterday' }), refused);
      await assert.rejects(followed(bench, store, topic, { from: 'yesterday', count: 1 }), refused);
    },
  },
  {
    name: 'yields what arrives from a cursor on, with cursors that continue behind it',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      await bench.sendAll(topic, range(1, 3));
      const { end } = await store.newest(topic, { count: 1 });
      const later = await bench.sendAll(topic, range(4, 6));
      const first = await followed(bench, store, topic, { from: end, count: 3 });
      assert.deepEqual(positionsOf(first.messages).toSorted(), positionsOf(later).sort());
      const last = await bench.sendAll(topic, range(7, 8));
      const second = await followed(bench, store, topic, { from: first.next, count: 2 });
      assert.deepEqual(positionsOf(second.messages).toSorted(), positionsOf(last).sort());
      const all = textsOf(await readAll(store, topic));
      for (const text of textsOf([...first.messages, ...second.messages]))
        assert.ok(all.includes(text), 'whole messages');
    },
  },
  {
    name: 'waits for a topic that does not exist yet, and ends with its signal',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, name] = [await bench.topicStore(), await bench.topic()];
      const topic = `${name}-later`;
      const stop = new AbortController();
      const following = store.follow(topic, { abortSignal: stop.signal })[Symbol.asyncIterator]();
      const first = following.next();
      await store.describeTopic(name); // so that following has started
      assert.ok(!(await store.topicNames()).includes(topic), 'the topic is not made');
      await bench.harness.createTopic?.(topic);
      await bench.send(topic, { number: 1 });
      const { value } = await bench.within('a message', first);
      assert.equal(value?.messages.length, 1);
      const second = following.next();
      stop.abort();
      assert.equal((await bench.within('the end', second)).done, true);
    },
  },
  {
    name: 'describes the lanes of a topic, with length, oldest and newest message',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      await bench.sendAll(topic, range(1, 20), { keys: 10 });
      const all = await readAll(store, topic);
      const { lanes } = (await store.describeTopic(topic)) ?? assert.fail('it exists');
      const full = lanes.filter(({ length }) => length !== 0);
      const expected = [...new Set(all.map(({ lane }) => lane))].map((lane) => {
        const positions = positionsIn(all, lane);
        return [lane, positions.length, positions[0], positions.at(-1)];
      });
      assert.deepEqual(
        full.map(({ lane, length, first, last }) => [lane, length, first?.position, last?.position]),
        expected,
      );
      for (const { first, last } of lanes.filter(({ length }) => length === 0))
        assert.deepEqual([first, last], [null, null], 'an empty lane');
    },
  },
  {
    name: 'does not show dead letters that were removed',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic] = [await bench.topicStore(), await bench.topic()];
      const name = deadLetterTopic(topic, bench.group());
      await bench.harness.createTopic?.(name);
      const message = await bench.rawItem(name, { number: 1 });
      const positions: string[] = [];
      for (const _ of range(1, 4)) positions.push(await store.write(message));
      const [first = '', second = '', third = '', fourth = ''] = positions;
      await store.remove(name, [second, fourth], 'redriven');
      const { messages } = await store.newest(name, { count: 10 });
      assert.deepEqual(positionsOf(messages).toSorted(comparePositions), [first, third]);
    },
  },
]);

/** Follows a topic until so many messages have arrived. */
async function followed(
  bench: Bench,
  store: TopicStore,
  topic: string,
  { from, count }: { readonly from: string; readonly count: number },
): Promise<FollowedMessages> {
  const stop = new AbortController();
  const messages: StoredMessage[] = [];
  const following = async () => {
    for await (const page of store.follow(topic, { from, abortSignal: stop.signal })) {
      messages.push(...page.messages);
      if (messages.length >= count) return { messages, next: page.next };
    }
    return assert.fail('following has ended');
  };
  try {
    return await bench.within(`${count} messages that arrive`, following());
  } finally {
    stop.abort();
  }
}

function positionsIn(stored: readonly StoredMessage[], lane: string): readonly string[] {
  return positionsOf(stored.filter((one) => one.lane === lane));
}

function positionsOf(places: readonly { readonly position: string }[]): string[] {
  return places.map(({ position }) => position);
}

function textsOf(stored: readonly StoredMessage[]): string[] {
  return stored.map(({ message }) => Buffer.from(message.value ?? []).toString('hex'));
}
