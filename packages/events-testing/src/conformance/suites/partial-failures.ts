import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SendReceipt } from '@openedx-ts/events-core';
import { faultOf, type Message } from '@openedx-ts/events-core/bus';
import type { Bench } from '../bench.js';
import { assertOrderOfKeys, range } from '../expectations.js';
import { isMissing } from '../missing.js';
import { suite } from './suite.js';

/** A batch of which a part fails keeps the order of each key. */
export const partialFailures = suite('ordering', [
  {
    name: 'keeps the order of a key when a part of a batch fails',
    needs: 'refusal',
    run: async (bench) => {
      await assertRefusal(bench);
      const topic = await bench.topic();
      const numbers = range(1, ROUNDS * EVENTS);
      for (const round of range(0, ROUNDS - 1)) {
        const batch = numbers.slice(round * EVENTS, (round + 1) * EVENTS);
        const sent = batch.map((number) => bench.send(topic, { number, key: `key-${number % 2}`, text }));
        await refuseForAMoment(bench, round);
        await Promise.all(sent);
      }
      await bench.consume({ topics: [topic], startFrom: 'earliest' });
      const items = await bench.until(`${numbers.length} events`, () => {
        const found = new Map(bench.items.events.map(({ data: { item } }) => [item.number, item]));
        return found.size >= numbers.length ? [...found.values()] : undefined; // what came again has its first place
      });
      assertOrderOfKeys(items, numbers);
    },
  },
  {
    name: 'sends nothing of a key behind an event that was refused, in a call that keeps the order',
    needs: 'maxMessageBytes',
    run: async (bench) => {
      const topic = await bench.topic();
      const { maxMessageBytes = 0 } = bench.harness;
      if (isMissing(maxMessageBytes)) throw new TypeError('not needed');
      const message = (name: string, bytes = 2): Message => ({
        ...{ topic, key: Buffer.from(name.slice(0, 1)), headers: [] },
        value: Buffer.from(name.padEnd(bytes)),
      });
      const batch = [
        ...[message('a1'), message('b1'), message('a2', maxMessageBytes + 1)],
        ...[message('a3'), message('b2'), message('a4')],
      ];
      const producer = await bench.createProducer();
      const results = await bench.within(
        'publishMessages',
        producer.publishMessages(batch, { inOrder: true }),
      );
      assert.deepEqual(results.map(outcomeOf), ['accepted', 'accepted', 'event', later, 'accepted', later]);
      const stored = (await bench.messages(topic, 3)).map(({ value }) => String(Buffer.from(value ?? [])));
      assert.deepEqual(
        stored.filter((name) => name.startsWith('a')),
        ['a1'],
      );
      assert.deepEqual(
        stored.filter((name) => name.startsWith('b')),
        ['b1', 'b2'],
      );
    },
  },
]);

const later = 'EVENTS_EARLIER_EVENT_FAILED';

function outcomeOf(result: PromiseSettledResult<SendReceipt>): string {
  if (result.status === 'fulfilled') return 'accepted';
  const { code } = result.reason as { readonly code?: unknown };
  return code === later ? later : faultOf(result.reason);
}

/** Without a refusal the test would prove nothing. */
async function assertRefusal(bench: Bench): Promise<void> {
  const { refusal } = bench.harness;
  if (refusal === undefined || isMissing(refusal)) throw new TypeError('the test does not need refusal');
  const topic = await bench.topic();
  const producer = await bench.createProducer();
  const message: Message = { topic, key: Buffer.from('a'), value: Buffer.from('a'), headers: [] };
  await refusal.stop();
  const publishing = producer.publishMessages([message], { deliveryTimeoutMs: REFUSED_MS });
  const [result] = await bench.within('publishMessages', publishing).finally(() => refusal.start());
  assert.equal(result?.status, 'rejected', 'refusal.stop() of the harness lets the broker accept messages');
}

/** Lets the broker refuse messages for a moment in the midst of a batch, sooner or later by round. */
async function refuseForAMoment(bench: Bench, round: number): Promise<void> {
  const { refusal } = bench.harness;
  if (refusal === undefined || isMissing(refusal)) throw new TypeError('the test does not need refusal');
  for (let turns = round % 4; turns > 0; turns -= 1) await nextTurn();
  await refusal.stop();
  await refusal.start();
}

const REFUSED_MS = 300;
/** As many, and so large, that a broker takes other requests between the parts of a batch. */
const ROUNDS = 12;
const EVENTS = 60;
const text = 'x'.repeat(4_000);
