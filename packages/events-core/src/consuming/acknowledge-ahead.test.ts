import { describe, expect, it } from 'vitest';
import { deferred } from '../runtime/deferred.js';
import { settle } from '../runtime/manual-clock.test-support.js';
import { ConsumerBench } from './consumer-bench.test-support.js';

const bench = new ConsumerBench();
const options = { concurrency: 10, drainTimeoutMs: 1_000, initialBackoffMs: 60_000, maxBackoffMs: 60_000 };

/** Receivers fail for these numbers, which then back off, and wait for ever for those. */
function receive(failing: readonly number[], stuck: readonly number[] = []): void {
  bench.signal.connect(
    async ({ data: { count } }) => {
      if (failing.includes(count)) throw new Error('broken');
      if (stuck.includes(count)) await new Promise(() => {});
    },
    { name: 'keep' },
  );
}

describe('events that are handled behind one that is not', () => {
  it('are acknowledged ahead when the consumer stops, before it leaves the group', async () => {
    receive([2]);
    const { consumer, running } = await bench.consume(options, 1, 2, 3, 4);
    consumer.stop();
    await running;
    expect(consumer.log).toEqual(['ack 1', 'ack ahead a 3 4', 'leave']);
  });

  it('are acknowledged ahead when their lane is reassigned, and the next assignment starts without them', async () => {
    receive([1]);
    const { consumer } = await bench.consume(options, 1, 2);
    await consumer.drain('a');
    await consumer.drain('a');
    expect(consumer.log).toEqual(['ack ahead a 2']);
    consumer.push([bench.event(3)]);
    await settle();
    expect(consumer.acknowledged).toEqual([['a', 3]]);
  });

  it('are acknowledged ahead of a receiver that is stuck past drainTimeoutMs', async () => {
    receive([], [1]);
    const { consumer, running } = await bench.consume(options, 1, 2, 3);
    consumer.stop();
    await bench.clock.advance(1_000);
    await running;
    expect(consumer.log).toEqual(['ack ahead a 2 3', 'leave']);
  });

  it('are acknowledged ahead of an event that stops the consumer', async () => {
    receive([1]);
    const { consumer, running } = bench.start({ ...options, maxAttempts: 1, onFailure: 'stop' });
    const first = deferred();
    bench.signal.connect(({ data }) => (data.count === 1 ? first.promise : undefined), { name: 'hold' });
    consumer.push([bench.event(1), bench.event(2)]);
    await settle();
    first.resolve();
    await expect(running).rejects.toThrow();
    expect(consumer.log).toEqual(['ack ahead a 2', 'leave']);
  });

  it('are not acknowledged when the lane was lost', async () => {
    receive([1]);
    const lost = new AbortController();
    const { consumer } = bench.start(options);
    consumer.push([1, 2].map((count) => bench.event(count, undefined, { abortSignal: lost.signal })));
    await settle();
    lost.abort();
    await consumer.drain('a');
    expect(consumer.log).toEqual([]);
  });

  it('delay a stop by two seconds at most when the broker does not answer', async () => {
    receive([1]);
    const { consumer, running } = await bench.consume(options, 1, 2);
    consumer.hangsAhead = true;
    consumer.stop();
    await bench.clock.advance(2_000);
    await running;
    expect(consumer.log).toEqual(['ack ahead a 2', 'leave']);
  });

  it('are reported when they cannot be acknowledged ahead', async () => {
    receive([1]);
    const { consumer, running } = await bench.consume(options, 1, 2, 3);
    consumer.failures.acknowledgeAhead = new Error('unreachable');
    consumer.stop();
    await running;
    expect(bench.logger.lines.find(({ facts }) => 'count' in facts && facts.count === 2)?.message).toContain(
      'delivered again',
    );
  });
});
