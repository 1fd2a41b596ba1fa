import { expect, it } from 'vitest';
import { settle } from '../../runtime/manual-clock.test-support.js';
import { defineUserSignal } from '../../signals/fixtures.test-support.js';
import { ConsumerBench, deadLettersOf } from '../consumer-bench.test-support.js';
import { deliveryOf, messageOf } from '../types/deliveries.test-support.js';

const bench = new ConsumerBench();

it.each<[string, (error: Error) => unknown]>([
  [
    'throws',
    (error) => {
      throw error;
    },
  ],
  ['rejects with', (error) => Promise.reject(error)],
])('no personal value reaches log or dead letter in an error that a receiver %s', async (_, fail) => {
  const signal = defineUserSignal();
  signal.connect(({ data }) => fail(new Error(`duplicate key ${data.user.pii.username}`)), { name: 'store' });
  const { consumer } = bench.start({ maxAttempts: 1 });
  const user = { id: 7, is_active: true, pii: { username: 'lovelace', email: null }, tags: null };
  consumer.push([deliveryOf(messageOf(signal, { user }), 1)]);
  await settle();
  expect(deadLettersOf(consumer)).toMatchObject([{ 'dlq-message': 'Error: duplicate key ***' }]);
  const logged = bench.logger.lines.map(({ facts, message }) => {
    const { err } = facts as { readonly err?: Error };
    return `${message} ${JSON.stringify(facts)} ${err?.message} ${err?.stack}`;
  });
  expect(logged.length).toBeGreaterThan(0);
  expect(logged.join()).not.toContain('lovelace');
});
