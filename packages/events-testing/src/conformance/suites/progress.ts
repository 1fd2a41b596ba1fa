import assert, { AssertionError } from 'node:assert/strict';
import type { Consumer } from '@openedx-ts/events-core';
import { type Deferred, type Delivery, deferred, pendingReceipt, runtime } from '@openedx-ts/events-core/bus';
import type { Bench } from '../bench.js';
import { suite } from './suite.js';

/** Short, so that a stall shows soon. */
const limits = { receiverTimeoutMs: 100, stallTimeoutMs: 200 };

/** A consumer that makes no progress while events wait is not ready; one that waits as it should is. */
export const progress = suite('progress', [
  {
    name: 'is not ready while an event is not finished in time, and gives the reason until it is',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const unfinished = deferred();
      bench.signals.item.connect(
        ({ data }) => (data.item.number === 1 ? pendingReceipt(unfinished.promise) : undefined),
        { name: 'unfinished' },
      );
      const consumer = await bench.consume({ ...limits, topics: [topic], groupId });
      await bench.send(topic, { number: 1 });
      await untilStalled(bench, consumer, /receiver unfinished has not finished/);
      const stalled = await bench.fact('a stall', (fact) => fact.type === 'consumer.stalled');
      assert.equal(stalled.type === 'consumer.stalled' && stalled.stage, 'receiver');
      unfinished.resolve();
      await untilReady(bench, consumer);
      await bench.send(topic, { number: 2 });
      await bench.numbersUntil(groupId, 2);
    },
  },
  {
    name: 'is not ready while events wait that its reader does not return, until it does',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const consumer = await bench.createConsumer({ ...limits, topics: [topic], groupId });
      const reading = interruptReading(consumer);
      const running = consumer.run();
      running.catch(() => {}); // the test fails elsewhere
      await bench.within('consumer.ready', consumer.ready);
      await bench.send(topic, { number: 1 });
      await bench.numbersUntil(groupId, 1);
      reading.stop();
      await bench.send(topic, { number: 2 }); // the read that waits may return it
      await bench.send(topic, { number: 3 });
      await untilStalled(bench, consumer, /the broker has events that reading does not return/);
      reading.resume();
      await bench.numbersUntil(groupId, 3);
      await untilReady(bench, consumer);
    },
  },
  {
    name: 'is ready while no event waits, and while a receiver runs within its time limit',
    run: async (bench) => {
      const topic = await bench.topic();
      const consumer = await bench.consume({ ...limits, topics: [topic] });
      await staysReady(bench, consumer);
      const running = deferred();
      bench.signals.item.connect(() => running.promise, { policy: { receiverTimeoutMs: 60_000 } });
      await bench.send(topic, { number: 1 });
      await bench.items.next();
      await staysReady(bench, consumer);
      running.resolve();
    },
  },
]);

function untilStalled(bench: Bench, consumer: Consumer, reason: RegExp): Promise<true> {
  return bench.until(`not ready: ${reason}`, () => {
    const { live, ready, reasons } = consumer.health();
    return live && !ready && reasons.some((one) => reason.test(one)) ? true : undefined;
  });
}

function untilReady(bench: Bench, consumer: Consumer): Promise<true> {
  return bench.until('a consumer that is ready again', () => consumer.health().ready || undefined);
}

/** Nothing happens when there is no stall: only time shows that there is none. */
async function staysReady(bench: Bench, consumer: Consumer): Promise<void> {
  const { clock } = runtime();
  const end = clock.monotonic() + 3 * limits.stallTimeoutMs;
  while (clock.monotonic() < end) {
    const stalled = consumer.health().reasons.filter((reason) => /no progress/.test(reason));
    assert.deepEqual(stalled, []);
    await clock.sleep(10);
  }
  await untilReady(bench, consumer);
}

/** Makes the `receive` of a consumer stand still from `stop` to `resume`, behind the next deliveries that it yields. */
function interruptReading(consumer: Consumer): { stop: () => void; resume: () => void } {
  const reader = consumer as unknown as { receive?: Receive };
  const receive = reader.receive?.bind(consumer);
  if (receive === undefined)
    throw new AssertionError({ message: 'createConsumer() must return an EventBusConsumer' });
  let gate: Deferred<void> | undefined;
  reader.receive = async function* (abortSignal) {
    abortSignal.addEventListener('abort', () => gate?.resolve(), { once: true });
    for await (const deliveries of receive(abortSignal)) {
      yield deliveries;
      await gate?.promise;
    }
  };
  return {
    stop: () => {
      gate = deferred();
    },
    resume: () => gate?.resolve(),
  };
}

type Receive = (abortSignal: AbortSignal) => AsyncIterable<readonly Delivery[]>;
