import { describe, expect, it } from 'vitest';
import { InvalidOptionsError } from '../../errors/configuration-errors.js';
import type { ReceiverPolicy } from '../../signals/receiver-policy.js';
import { ConsumerBench, deadLettersOf } from '../consumer-bench.test-support.js';
import type { ConsumerOptions } from '../types/consumer-options.js';
import { resolvedOptions } from '../types/deliveries.test-support.js';

const bench = new ConsumerBench();

function failing(name: string, policy?: ReceiverPolicy) {
  const ranAt: number[] = [];
  bench.signal.connect(
    () => {
      ranAt.push(bench.clock.monotonic());
      throw new Error('broken');
    },
    { name, ...(policy === undefined ? {} : { policy }) },
  );
  return ranAt;
}

describe('the policy of a receiver', () => {
  it('is its own, then that of its event type, then that of the consumer', async () => {
    const own = failing('own', { maxAttempts: 1 });
    const partly = failing('partly', { initialBackoffMs: 10, maxBackoffMs: 10 });
    const none = failing('none');
    const { consumer } = await bench.consume(
      { maxAttempts: 2, policies: { [bench.signal.eventType]: { maxAttempts: 3 } } },
      1,
    );
    await bench.clock.advance(100 + 200 + 400);
    expect([own.length, partly.length, none.length]).toEqual([1, 3, 3]);
    expect(deadLettersOf(consumer)).toMatchObject([{ 'dlq-attempts': '3' }]);
  });

  it('is that of the consumer for event types that have none', async () => {
    const ran = failing('receiver');
    const policies = { 'org.openedx.learning.other.changed.v1': { maxAttempts: 9 } };
    await bench.consume({ maxAttempts: 2, policies }, 1);
    await bench.clock.advance(10_000);
    expect(ran).toHaveLength(2);
  });

  it('decides about waits: receivers that are tried again together wait for the longest', async () => {
    const quick = failing('quick', { maxAttempts: 4, initialBackoffMs: 10, maxBackoffMs: 10 });
    const slow = failing('slow', { maxAttempts: 2, initialBackoffMs: 500, maxBackoffMs: 500 });
    await bench.consume({}, 1);
    await bench.clock.advance(1_000);
    expect(slow).toEqual([0, 500]);
    expect(quick).toEqual([0, 500, 510, 520]);
  });

  it('decides what becomes of the event: its own policy before that of the event type and the consumer', async () => {
    failing('receiver', { onFailure: 'drop' });
    const policies = { [bench.signal.eventType]: { onFailure: 'stop' } as const };
    const { consumer } = await bench.consume({ maxAttempts: 1, policies }, 1);
    expect([consumer.state, consumer.deadLetters, consumer.acknowledged]).toEqual([
      'running',
      [],
      [['a', 1]],
    ]);
  });

  it('does not decide what becomes of poison, for which no receiver is to blame', async () => {
    failing('receiver', { onFailure: 'drop' });
    const policies = { [bench.signal.eventType]: { onFailure: 'drop' } as const };
    const { consumer } = bench.start({ policies });
    const event = bench.event(1);
    consumer.push([{ ...event, message: { ...event.message, value: Buffer.from('{') } }]);
    await bench.clock.advance(0);
    expect(deadLettersOf(consumer)).toMatchObject([{ 'dlq-code': 'EVENTS_DECODING_FAILED' }]);
  });
});

describe('ConsumerOptions.policies', () => {
  it.each<[unknown, string]>([
    [null, 'policies: must be an object of policies by event type'],
    ['drop', 'policies: must be an object of policies by event type'],
    [[{ maxAttempts: 1 }], 'policies: must be an object of policies by event type'],
    [{ 'a.b': { maxAttempts: 0 } }, 'policies: a.b: maxAttempts: must be a whole number, 1 or more'],
    [{ 'a.b': { onFailure: 'retry' } }, 'policies: a.b: onFailure: must be one of dead-letter, drop, stop'],
    [{ 'a.b': {}, 'a.c': null }, 'policies: a.c: must be an object'],
    [{ 'a.b': 'drop' }, 'policies: a.b: must be an object'],
    [{ 'a.b': { maxBackofMs: 1 } }, 'policies: a.b: maxBackofMs: unknown option: did you mean maxBackoffMs?'],
  ])('refuse %j', (policies, message) => {
    const resolve = () => resolvedOptions({ policies } as Partial<ConsumerOptions>);
    expect(resolve).toThrow(InvalidOptionsError);
    expect(resolve).toThrow(message);
  });

  it.each([
    { concurrency: 0 },
    { concurrency: -1 },
    { concurrency: Number.POSITIVE_INFINITY },
    { maxDeliveries: 2 },
    { maxDeliveries: -3 },
    { receiverTimeoutMs: 0 },
    { receiverTimeoutMs: -1 },
    { initialBackoffMs: -1 },
  ])('refuse limits that are none beside them: %o', (options) => {
    expect(() => resolvedOptions(options)).toThrow(InvalidOptionsError);
  });
});
