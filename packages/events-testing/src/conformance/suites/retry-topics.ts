import assert from 'node:assert/strict';
import { deadLetterTopic, type Header, type Message, retryTopic } from '@openedx-ts/events-core/bus';
import type { Bench } from '../bench.js';
import type { BenchItem } from '../bench-options.js';
import { factsOf } from '../dead-letter-assertions.js';
import { assertInOrder, range } from '../expectations.js';
import { suite } from './suite.js';

/** A group receives what was redriven for it alone: from the topic `<full topic>.<group>.retry`, once there is one. */
export const retryTopics = suite('retry topics', [
  {
    name: 'delivers what is on the retry topic of a group to that group alone, as if it came from its source',
    run: async (bench) => {
      const [topic, group, other] = [await bench.topic(), bench.group(), bench.group()];
      for (const groupId of [group, other]) await bench.consume({ topics: [topic], groupId });
      await redrive(bench, { topic, groupId: group, source: '0:17' }, { number: 1 });
      await bench.numbersUntil(group, 1);
      const [event] = bench.items.events;
      assert.deepEqual([event?.delivery?.topic, event?.delivery?.position], [topic, '0:17']);
      await bench.send(topic, { number: 2 });
      assert.deepEqual(await bench.numbersUntil(other, 2), [2]);
    },
  },
  {
    name: 'dead-letters an event of a retry topic that fails again with the facts of its source',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      bench.signals.item.connect(() => {
        throw new Error('not yet');
      });
      await redrive(bench, { topic, groupId, source: '0:17' }, { number: 1 });
      await bench.consume({ topics: [topic], groupId, maxAttempts: 1 });
      const [deadLetter] = await bench.messages(deadLetterTopic(topic, groupId));
      const { headers = [], ...message } = deadLetter as Message;
      const isCount = ([name]: Header) => name === 'dlq-redrives';
      const facts = factsOf({ ...message, headers: headers.filter((header) => !isCount(header)) });
      assert.deepEqual([facts['dlq-source'], facts['dlq-group']], [`${topic}@0:17`, groupId]);
      assert.equal(headers.filter(isCount).length, 1, 'the count of redrives stays');
    },
  },
  {
    name: 'keeps the order of events of a key on a retry topic',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const items = range(1, 30).map((number) => ({ number, key: `key-${number % 3}` }));
      await redrive(bench, { topic, groupId, source: '0:17' }, ...items);
      await bench.consume({ topics: [topic], groupId });
      const numbers = await bench.until('all events', () => {
        const received = bench.numbersOf(groupId);
        return received.length >= 30 ? received : undefined;
      });
      for (const key of [0, 1, 2]) {
        const ofKey = (number: number) => number % 3 === key;
        assertInOrder(numbers.filter(ofKey), range(1, 30).filter(ofKey));
      }
    },
  },
  {
    name: 'reads a retry topic from its beginning, wherever a new group starts',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      await redrive(bench, { topic, groupId, source: '0:17' }, { number: 1 });
      await bench.consume({ topics: [topic], groupId, startFrom: 'resume' });
      await bench.numbersUntil(groupId, 1);
    },
  },
  {
    name: 'creates no retry topic by consuming, and is ready without one',
    needs: 'createAdmin',
    run: async (bench) => {
      const [store, topic, groupId] = [await bench.topicStore(), await bench.topic(), bench.group()];
      const consumer = await bench.consume({ topics: [topic], groupId });
      await bench.send(topic, { number: 1 });
      await bench.numbersUntil(groupId, 1);
      assert.deepEqual(consumer.health(), { live: true, ready: true, reasons: [] });
      await bench.within('consumer.close()', consumer.close());
      assert.ok(!(await store.topicNames()).includes(retryTopic(topic, groupId)), 'it is not made');
    },
  },
  {
    name: 'skips what was redriven for another group whose names make the same retry topic',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const [one, two] = [{ number: 1 }, { number: 2 }];
      await redrive(bench, { topic, groupId, source: '0:17', headers: { 'dlq-group': 'other' } }, one);
      await redrive(bench, { topic, groupId, source: '0:18' }, two);
      await bench.consume({ topics: [topic], groupId });
      assert.deepEqual(await bench.numbersUntil(groupId, 2), [2]);
    },
  },
]);

/** Writes events to the retry topic of a group, as a redrive does. */
async function redrive(
  bench: Bench,
  about: {
    readonly topic: string;
    readonly groupId: string;
    readonly source: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
  ...items: readonly BenchItem[]
): Promise<void> {
  const { topic, groupId, source } = about;
  const name = retryTopic(topic, groupId);
  if (!created.has(name)) await bench.harness.createTopic?.(name);
  created.add(name);
  const facts = { 'dlq-source': `${topic}@${source}`, 'dlq-group': groupId, 'dlq-redrives': '1' };
  const added = Object.entries({ ...facts, ...about.headers });
  const scratch = await bench.topic();
  for (const item of items) await bench.send(scratch, item);
  const messages = await bench.messages(scratch, items.length);
  for (const { headers, ...message } of messages)
    await bench.publishRaw({
      ...message,
      topic: name,
      headers: [...headers, ...added.map(([header, text]): Header => [header, Buffer.from(text)])],
    });
}

/** Names are used once, so a set for all tests is enough. */
const created = new Set<string>();
