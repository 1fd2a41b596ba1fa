import assert from 'node:assert/strict';
import { InfrastructureError } from '@openedx-ts/events-core';
import { deadLetterTopic, fromDeadLetter, type Message } from '@openedx-ts/events-core/bus';
import type { Bench } from '../bench.js';
import { assertKeeps, factsOf } from '../dead-letter-assertions.js';
import { assertEachOnce, assertInOrder, range } from '../expectations.js';
import { suite } from './suite.js';

/** An event whose receivers keep failing is dead-lettered whole, with the facts of its failure. */
export const deadLetters = suite('dead letters', [
  {
    name: 'dead-letters an event after the last attempt, with its key, value, headers and the facts of the failure',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const attempts: number[] = [];
      bench.signals.item.connect(function grader({ data, delivery }) {
        if (data.item.number !== 1) return;
        attempts.push(delivery?.attempt ?? 0);
        throw new RangeError('no such grade');
      });
      await bench.consume({ topics: [topic], groupId, maxAttempts: 3 });
      const { position } = await bench.send(topic, { number: 1, note: 'kept' });
      await bench.send(topic, { number: 2 });
      await bench.numbersUntil(groupId, 2);
      const [deadLetter] = await bench.messages(deadLetterTopic(topic, groupId));
      const [message] = await bench.messages(topic, 2);
      assertKeeps(deadLetter as Message, message as Message, groupId);
      const {
        'dlq-first-failure': first = '',
        'dlq-last-failure': last = '',
        ...facts
      } = factsOf(deadLetter as Message);
      assert.deepEqual(facts, {
        'dlq-code': 'RECEIVER_FAILED',
        'dlq-message': 'RangeError: no such grade',
        'dlq-attempts': '3',
        'dlq-source': `${topic}@${position}`,
        'dlq-group': groupId,
      });
      assert.match(first, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.ok(first <= last, 'the first failure is not after the last');
      assert.deepEqual(attempts, [1, 2, 3]);
      await bench.fact('a report', (fact) => fact.type === 'event.dead-lettered');
    },
  },
  {
    name: 'keeps headers that repeat',
    needs: 'repeatedHeaders',
    run: (bench) =>
      keepsHeaders(bench, [
        ['x-again', Buffer.from('1')],
        ['x-again', Buffer.from('2')],
      ]),
  },
  {
    name: 'keeps header values that are not text',
    needs: 'binaryHeaders',
    run: (bench) => keepsHeaders(bench, [['x-bytes', Uint8Array.of(0x00, 0xff, 0xc3, 0x28, 0x0a)]]),
  },
  {
    name: 'retries only the receivers that failed, and dead-letters nothing when the last attempt succeeds',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const runs: string[] = [];
      bench.signals.item.connect(() => void runs.push('steady'));
      bench.signals.item.connect(({ delivery }) => {
        runs.push('shaky');
        if ((delivery?.attempt ?? 0) < 3) throw new Error('not yet');
      });
      const consumer = await bench.consume({ topics: [topic], groupId, maxAttempts: 3 });
      await bench.send(topic, { number: 1 });
      await bench.fact('a processed event', (fact) => fact.type === 'event.handled' && fact.attempts === 3);
      assert.deepEqual(runs, ['steady', 'shaky', 'shaky', 'shaky']);
      await bench.within('consumer.close()', consumer.close());
      assert.deepEqual(await bench.harness.readTopic(deadLetterTopic(topic, groupId)), []);
    },
  },
  {
    name: 'waits without limit for infrastructure that is down, is not ready until it is back, and then continues',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      let isDown = true;
      let tries = 0;
      bench.signals.item.connect(() => {
        tries += 1;
        if (isDown) throw new InfrastructureError('the database is down');
      });
      const consumer = await bench.consume({ topics: [topic], groupId, maxAttempts: 2 });
      assert.deepEqual(consumer.health(), { live: true, ready: true, reasons: [] });
      await bench.sendAll(topic, range(1, 3));
      await bench.until('more tries than maxAttempts', () => (tries > 4 ? true : undefined));
      const health = consumer.health();
      assert.deepEqual([health.live, health.ready], [true, false]);
      assert.match(health.reasons.join(), /the database is down/);
      isDown = false;
      assertInOrder(await bench.numbersUntil(groupId, 3), range(1, 3));
      await bench.until('readiness', () => (consumer.health().ready ? true : undefined));
      assert.deepEqual(await bench.harness.readTopic(deadLetterTopic(topic, groupId)), []);
    },
  },
  {
    name: 'does not acknowledge an event whose dead letter cannot be written',
    needs: 'outage',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      let isBroken = true;
      const hold = bench.hold(({ data }) => data.item.number === 1);
      bench.signals.item.connect(() => {
        if (isBroken) throw new Error('never');
      });
      const consumer = await bench.consume({ topics: [topic], groupId, maxAttempts: 1 });
      await bench.send(topic, { number: 1 });
      await hold.reached();
      await bench.stopBroker();
      hold.release();
      await bench.until('a consumer that is not ready', () => (consumer.health().ready ? undefined : true));
      await bench.within('consumer.close()', consumer.close());
      await bench.startBroker();
      isBroken = false;
      const before = bench.numbersOf(groupId).length;
      await bench.consume({ topics: [topic], groupId });
      await bench.numbersAgain(groupId, before, [1]);
    },
  },
  {
    name: 'writes a dead letter that could not be written once the broker is back',
    needs: 'outage',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const hold = bench.hold(() => true);
      bench.signals.item.connect(({ data }) => {
        if (data.item.number === 1) throw new Error('never');
      });
      const consumer = await bench.consume({ topics: [topic], groupId, maxAttempts: 1 });
      await bench.send(topic, { number: 1 });
      await hold.reached();
      await bench.stopBroker();
      hold.release();
      await bench.until('a consumer that is not ready', () => (consumer.health().ready ? undefined : true));
      await bench.startBroker();
      await bench.messages(deadLetterTopic(topic, groupId));
      await bench.send(topic, { number: 2 });
      await bench.numbersUntil(groupId, 2);
    },
  },
  {
    name: 'dead-letters an event for the group that fails and for no other',
    run: async (bench) => {
      const topic = await bench.topic();
      const [failing, steady] = [bench.group(), bench.group()];
      bench.signals.item.connect(({ delivery }) => {
        if (delivery?.groupId === failing) throw new Error('only here');
      });
      for (const groupId of [failing, steady])
        await bench.consume({ topics: [topic], groupId, maxAttempts: 1 });
      await bench.sendAll(topic, range(1, 3));
      await bench.messages(deadLetterTopic(topic, failing), 3);
      assertInOrder(await bench.numbersUntil(steady, 3), range(1, 3));
      assert.deepEqual(await bench.harness.readTopic(deadLetterTopic(topic, steady)), []);
    },
  },
  {
    name: "stops at an event whose receivers fail with onFailure 'stop', and does not acknowledge it",
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      let isBroken = true;
      bench.signals.item.connect(({ data }) => {
        if (isBroken && data.item.number === 2) throw new Error('not now');
      });
      const { running } = await bench.consumeUntilFailure({
        topics: [topic],
        groupId,
        maxAttempts: 1,
        onFailure: 'stop',
      });
      await bench.sendAll(topic, range(1, 3));
      await bench.within('run() rejects', assert.rejects(running, { code: 'EVENTS_CONSUMER_FAILED' }));
      isBroken = false;
      const before = bench.numbersOf(groupId).length;
      await bench.consume({ topics: [topic], groupId });
      assertEachOnce(await bench.numbersAgain(groupId, before, [2, 3]), [2, 3]);
    },
  },
  {
    name: 'delivers a redriven dead letter like the original event',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      let isBroken = true;
      bench.signals.item.connect(() => {
        if (isBroken) throw new Error('not now');
      });
      await bench.consume({ topics: [topic], groupId, maxAttempts: 1 });
      await bench.send(topic, { number: 1, text: 'again' });
      const [deadLetter] = await bench.messages(deadLetterTopic(topic, groupId));
      isBroken = false;
      await bench.publishRaw(fromDeadLetter(deadLetter as Message, topic));
      const [first, second] = await bench.items.count(2);
      assert.deepEqual(second?.data, first?.data);
      assert.deepEqual(second?.metadata, first?.metadata);
    },
  },
]);

async function keepsHeaders(bench: Bench, added: Message['headers']): Promise<void> {
  const [topic, groupId] = [await bench.topic(), bench.group()];
  bench.signals.item.connect(() => {
    throw new Error('never');
  });
  await bench.consume({ topics: [topic], groupId, maxAttempts: 1 });
  const good = await bench.rawItem(topic, { number: 1 });
  const message = { ...good, headers: [...good.headers, ...added] };
  await bench.publishRaw(message);
  const [deadLetter] = await bench.messages(deadLetterTopic(topic, groupId));
  factsOf(deadLetter as Message);
  assertKeeps(deadLetter as Message, message, groupId);
}
