import assert from 'node:assert/strict';
import { type Consumer, DeadLetterEventError, DropEventError } from '@openedx-ts/events-core';
import { deadLetterTopic, type Message } from '@openedx-ts/events-core/bus';
import type { Bench } from '../bench.js';
import { assertKeeps, factsOf } from '../dead-letter-assertions.js';
import { assertEachOnce, range } from '../expectations.js';
import { isMissing } from '../missing.js';
import { suite } from './suite.js';

/** Receivers decide by the error that they throw. Neither a receiver that hangs nor one that crashes blocks a group. */
export const policies = suite('policies', [
  {
    name: 'acknowledges an event that its receiver drops',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      let tries = 0;
      bench.signals.item.connect(({ data }) => {
        if (data.item.number !== 1) return;
        tries += 1;
        throw new DropEventError('not for us');
      });
      const consumer = await bench.consume({ topics: [topic], groupId, onFailure: 'stop' });
      await bench.sendAll(topic, range(1, 3));
      await bench.numbersUntil(groupId, 3);
      await bench.within('consumer.close()', consumer.close());
      await bench.consume({ topics: [topic], groupId });
      await bench.send(topic, { number: 4 });
      assertEachOnce(await bench.numbersUntil(groupId, 4), range(1, 4));
      assert.equal(tries, 1);
      await bench.fact(
        'a count',
        (fact) => fact.type === 'event.dropped' && fact.code === 'EVENTS_DROP_EVENT',
      );
      assert.deepEqual(await bench.harness.readTopic(deadLetterTopic(topic, groupId)), []);
    },
  },
  {
    name: 'dead-letters an event at once when its receiver throws DeadLetterEventError',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      bench.signals.item.connect(({ data }) => {
        if (data.item.number === 1) throw new DeadLetterEventError('no such course');
      });
      await bench.consume({ topics: [topic], groupId, maxAttempts: 5, onFailure: 'drop' });
      await bench.sendAll(topic, range(1, 2));
      await bench.numbersUntil(groupId, 2);
      const [deadLetter] = await bench.messages(deadLetterTopic(topic, groupId));
      const { 'dlq-code': code, 'dlq-attempts': attempts } = factsOf(deadLetter as Message);
      assert.deepEqual({ code, attempts }, { code: 'EVENTS_DEAD_LETTER_EVENT', attempts: '1' });
    },
  },
  {
    name: 'aborts a receiver that hangs, dead-letters its event, and continues',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const signals: AbortSignal[] = [];
      bench.signals.item.connect(({ data, delivery }) => {
        if (data.item.number !== 1 || delivery === null) return undefined;
        signals.push(delivery.abortSignal);
        return new Promise(() => {});
      });
      await bench.consume({ topics: [topic], groupId, maxAttempts: 2, receiverTimeoutMs: 20 });
      await bench.sendAll(topic, range(1, 2));
      await bench.numbersUntil(groupId, 2);
      const [deadLetter] = await bench.messages(deadLetterTopic(topic, groupId));
      const { 'dlq-code': code, 'dlq-attempts': attempts } = factsOf(deadLetter as Message);
      assert.deepEqual({ code, attempts }, { code: 'EVENTS_RECEIVER_TIMEOUT', attempts: '2' });
      assert.deepEqual(
        signals.map(({ aborted }) => aborted),
        [true, true],
      );
    },
  },
  {
    name: 'dead-letters an event that crashes its process each time, without running it again, and no other event',
    needs: 'deliveryCounts',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const options = {
        ...{ topics: [topic], groupId, maxDeliveries: 3, drainTimeoutMs: 0 },
        startFrom: 'earliest' as const, // a message stored before the start is counted on every bus before it is processed
      };
      await bench.sendAll(topic, range(1, 4));
      for (let life = 1; life <= 3; life += 1) {
        const hold = bench.hold(({ data }) => data.item.number === 2);
        const consumer = await bench.consume(options);
        await hold.reached();
        await die(bench, consumer);
      }
      await bench.consume(options);
      await bench.numbersUntil(groupId, 4);
      const [message] = (await bench.messages(topic, 4)).slice(1);
      const written = await bench.messages(deadLetterTopic(topic, groupId));
      assert.equal(written.length, 1, 'one dead letter');
      assertKeeps(written[0] as Message, message as Message, groupId);
      assert.equal(factsOf(written[0] as Message)['dlq-code'], 'EVENTS_CRASHING_EVENT');
      const tries = bench.numbersOf(groupId).filter((number) => number === 2);
      assert.equal(tries.length, 3, 'attempts of the event that crashed its process');
    },
  },
  {
    name: 'dead-letters no event that was in flight each time its consumer stopped gracefully',
    needs: 'deliveryCounts',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const options = { topics: [topic], groupId, maxDeliveries: 3, drainTimeoutMs: 0 };
      let consumer = await bench.consume(options);
      for (let life = 1; life <= 4; life += 1) {
        const hold = bench.hold(() => true);
        if (life === 1) await bench.sendAll(topic, range(1, 2));
        await hold.reached();
        await bench.within('consumer.close()', consumer.close());
        consumer = await bench.consume(options);
      }
      await bench.numbersUntil(groupId, 2);
      const tries = bench.numbersOf(groupId).filter((number) => number === 1);
      assert.equal(tries.length, 5, 'attempts of the event that was in flight');
    },
  },
]);

/** Ends a consumer with an event in flight. */
async function die(bench: Bench, consumer: Consumer): Promise<void> {
  if (isMissing(bench.harness.crashConsumer)) await bench.within('consumer.close()', consumer.close());
  else await bench.crash(consumer);
}
