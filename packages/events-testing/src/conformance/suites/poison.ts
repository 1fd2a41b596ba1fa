import assert from 'node:assert/strict';
import { EventsError } from '@openedx-ts/events-core';
import { deadLetterTopic, type Header, type Message } from '@openedx-ts/events-core/bus';
import type { Bench } from '../bench.js';
import { unheardType } from '../bench-signals.js';
import type { Need } from '../conformance-test.js';
import { assertKeeps, factsOf, withHeader } from '../dead-letter-assertions.js';
import { suite } from './suite.js';

interface Poison {
  readonly what: string;
  readonly needs?: Need;
  readonly spoil: (message: Message, eventType: string) => Message;
  readonly code: RegExp;
}

const id = '0198c5a0-1234-7abc-8def-0123456789ab';

const poisons: readonly Poison[] = [
  {
    what: 'bytes that are not an event',
    spoil: (message) => ({ ...message, value: Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa) }),
    code: /^EVENTS_(UNUSABLE_MESSAGE|DECODING_FAILED)$/,
  },
  {
    what: 'an event that is cut short',
    spoil: (message) => ({ ...message, value: (message.value as Uint8Array).slice(0, -1) }),
    code: /^EVENTS_DECODING_FAILED$/,
  },
  {
    what: 'an event with bytes behind its end',
    spoil: (message) => ({
      ...message,
      value: Buffer.concat([message.value as Uint8Array, Uint8Array.of(0)]),
    }),
    code: /^EVENTS_DECODING_FAILED$/,
  },
  {
    what: 'a message without an event type',
    spoil: (message, eventType) => withHeader(message, eventType, null),
    code: /^EVENTS_UNUSABLE_MESSAGE$/,
  },
  {
    what: 'a message without an id',
    spoil: (message) => withHeader(message, id, null),
    code: /^EVENTS_UNUSABLE_MESSAGE$/,
  },
  {
    what: 'a message whose id is not a UUID',
    spoil: (message) => withHeader(message, id, 'seventeen'),
    code: /^EVENTS_UNUSABLE_MESSAGE$/,
  },
  {
    what: 'a message with two event types',
    needs: 'repeatedHeaders',
    spoil: (message, eventType) => {
      const isType = ([, value]: Header) => Buffer.from(value ?? []).toString('utf8') === eventType;
      return { ...message, headers: [...message.headers, ...message.headers.filter(isType)] };
    },
    code: /^EVENTS_UNUSABLE_MESSAGE$/,
  },
];

/** A message that cannot be decoded is reported and dead-lettered, and does not block the next one. */
export const poison = suite('poison', [
  ...poisons.map(({ what, needs, spoil, code }) => ({
    name: `dead-letters ${what} at once, and continues`,
    ...(needs === undefined ? {} : { needs }),
    run: async (bench: Bench) => {
      const { topic, groupId, message } = await poisoned(bench, spoil);
      await bench.consume({ topics: [topic], groupId });
      await bench.publishRaw(message);
      await bench.send(topic, { number: 2 });
      assert.deepEqual(await bench.numbersUntil(groupId, 2), [2]);
      const [deadLetter] = await bench.messages(deadLetterTopic(topic, groupId));
      const facts = factsOf(deadLetter as Message);
      assert.match(facts['dlq-code'] as string, code);
      assert.equal(facts['dlq-attempts'], '1');
      assertKeeps(deadLetter as Message, message, groupId);
      await bench.fact('a report of the dead letter', (fact) => fact.type === 'event.dead-lettered');
    },
  })),
  {
    name: 'skips an event of an unknown type, reports it, and continues',
    run: async (bench) => {
      const { topic, groupId, message } = await poisoned(bench, unheard);
      await bench.consume({ topics: [topic], groupId });
      await bench.publishRaw(message);
      await bench.send(topic, { number: 2 });
      assert.deepEqual(await bench.numbersUntil(groupId, 2), [2]);
      await assertReported(bench, 'unknown-type');
      await assertNoDeadLetter(bench, topic, groupId);
    },
  },
  {
    name: "dead-letters an event of an unknown type with unknownType 'dead-letter', and continues",
    run: async (bench) => {
      const { topic, groupId, message } = await poisoned(bench, unheard);
      await bench.consume({ topics: [topic], groupId, unknownType: 'dead-letter' });
      await bench.publishRaw(message);
      await bench.send(topic, { number: 2 });
      assert.deepEqual(await bench.numbersUntil(groupId, 2), [2]);
      const [deadLetter] = await bench.messages(deadLetterTopic(topic, groupId));
      assertKeeps(deadLetter as Message, message, groupId);
    },
  },
  {
    name: "stops at an event of an unknown type with unknownType 'stop', and does not acknowledge it",
    run: async (bench) => {
      const { topic, groupId, message } = await poisoned(bench, unheard);
      await assertStopsAt(bench, topic, message, { groupId, unknownType: 'stop' });
      await bench.consume({ topics: [topic], groupId, unknownType: 'dead-letter' });
      await bench.messages(deadLetterTopic(topic, groupId));
    },
  },
  {
    name: 'skips a message without a value, reports it, and continues',
    needs: 'tombstones',
    run: async (bench) => {
      const { topic, groupId, message } = await poisoned(bench, (good) => ({ ...good, value: null }));
      await bench.consume({ topics: [topic], groupId });
      await bench.publishRaw(message);
      await bench.send(topic, { number: 2 });
      assert.deepEqual(await bench.numbersUntil(groupId, 2), [2]);
      await assertReported(bench, 'tombstone');
      await assertNoDeadLetter(bench, topic, groupId);
    },
  },
  {
    name: "stops at poison with onFailure 'stop', and does not acknowledge it",
    run: async (bench) => {
      const { topic, groupId, message } = await poisoned(bench, cutShort);
      await assertStopsAt(bench, topic, message, { groupId, onFailure: 'stop' });
      await bench.consume({ topics: [topic], groupId });
      await bench.messages(deadLetterTopic(topic, groupId));
      await bench.send(topic, { number: 2 });
      assert.deepEqual(await bench.numbersUntil(groupId, 2), [1, 2]);
    },
  },
  {
    name: "drops poison with onFailure 'drop', reports it, and continues",
    run: async (bench) => {
      const { topic, groupId, message } = await poisoned(bench, cutShort);
      const consumer = await bench.consume({ topics: [topic], groupId, onFailure: 'drop' });
      await bench.publishRaw(message);
      await bench.send(topic, { number: 2 });
      assert.deepEqual(await bench.numbersUntil(groupId, 2), [2]);
      await bench.fact('a report of the drop', (fact) => fact.type === 'event.dropped');
      await bench.within('consumer.close()', consumer.close());
      await bench.consume({ topics: [topic], groupId });
      await bench.send(topic, { number: 3 });
      assert.deepEqual(await bench.numbersUntil(groupId, 3), [2, 3]);
      await assertNoDeadLetter(bench, topic, groupId);
    },
  },
]);

/** A topic, a group, and a spoilt event for them that is not stored yet. */
async function poisoned(bench: Bench, spoil: Poison['spoil']) {
  const [topic, groupId] = [await bench.topic(), bench.group()];
  const good = await bench.rawItem(topic, { number: 1 }, { metadata: { id } });
  return { topic, groupId, message: spoil(good, bench.signals.item.eventType) };
}

async function assertStopsAt(
  bench: Bench,
  topic: string,
  message: Message,
  options: { readonly groupId: string; readonly onFailure?: 'stop'; readonly unknownType?: 'stop' },
): Promise<void> {
  const { consumer, running } = await bench.consumeUntilFailure({ topics: [topic], ...options });
  await bench.send(topic, { number: 1 });
  await bench.numbersUntil(options.groupId, 1);
  await bench.publishRaw(message);
  const error = await bench.within(
    'run() rejects',
    running.then(
      () => assert.fail('run() resolved'),
      (reason: unknown) => reason,
    ),
  );
  assert.ok(EventsError.is(error) && error.code === 'EVENTS_CONSUMER_FAILED', `run() rejected with ${error}`);
  assert.equal(consumer.state, 'failed');
  await bench.within('consumer.close()', consumer.close());
  await assertNoDeadLetter(bench, topic, options.groupId);
}

function unheard(message: Message, eventType: string): Message {
  return withHeader(message, eventType, unheardType);
}

function cutShort(message: Message): Message {
  return { ...message, value: (message.value as Uint8Array).slice(0, -1) };
}

async function assertReported(bench: Bench, reason: 'unknown-type' | 'tombstone'): Promise<void> {
  await bench.fact(
    `a report of ${reason}`,
    (fact) => fact.type === 'event.skipped' && fact.reason === reason,
  );
}

async function assertNoDeadLetter(bench: Bench, topic: string, groupId: string): Promise<void> {
  assert.deepEqual(await bench.harness.readTopic(deadLetterTopic(topic, groupId)), [], 'dead letters');
}
