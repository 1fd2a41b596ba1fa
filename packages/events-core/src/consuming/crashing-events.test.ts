import { describe, expect, it } from 'vitest';
import { settle } from '../runtime/manual-clock.test-support.js';
import { ConsumerBench, deadLettersOf } from './consumer-bench.test-support.js';
import { FIRST_EXCLUSIVE_DELIVERY } from './types/first-exclusive-delivery.js';

describe('two adjacent events that crash the process', () => {
  const bench = new ConsumerBench();

  it.each([3, 10])(
    'are dead-lettered with maxDeliveries %d, and no other event is',
    async (maxDeliveries) => {
      const crashing = [3, 4];
      const counts = new Map<number, number>();
      const [deadLettered, handled]: [string[], number[]] = [[], []];
      let pending = [1, 2, 3, 4, 5, 6];
      let deaths = 0;
      bench.signal.connect(({ data: { count } }) => {
        if (crashing.includes(count)) return new Promise(() => {}); // the process dies here
        handled.push(count);
        return undefined;
      });
      for (; pending.length > 0 && deaths <= 100; deaths += 1) {
        const { consumer } = bench.start({ maxDeliveries, concurrency: 6, ackEvery: 1 });
        const delivered = pending.map((count) => ({ count, deliveryCount: (counts.get(count) ?? 0) + 1 }));
        for (const { count, deliveryCount } of delivered)
          if (deliveryCount < FIRST_EXCLUSIVE_DELIVERY) counts.set(count, deliveryCount);
        consumer.push(
          delivered.map(({ count, deliveryCount }) => bench.event(count, undefined, { deliveryCount })),
        );
        await settle();
        for (const line of consumer.log)
          if (line.startsWith('count ')) {
            const count = Number(line.split(' ')[2]);
            counts.set(count, delivered.find((one) => one.count === count)?.deliveryCount ?? 0);
          }
        const acknowledged = consumer.acknowledged.flatMap(([, ...ordinals]) => ordinals);
        pending = pending.filter((count) => !acknowledged.includes(count));
        deadLettered.push(...deadLettersOf(consumer).map((facts) => String(facts['dlq-source'])));
      }
      expect(deadLettered).toEqual(['counts@0:3', 'counts@0:4']);
      expect(new Set(handled)).toEqual(new Set([1, 2, 5, 6]));
      expect(deaths - 1).toBeLessThanOrEqual(2 * maxDeliveries - 2);
    },
  );
});
