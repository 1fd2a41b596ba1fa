import v8 from 'node:v8';
import vm from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { type Deferred, deferred } from '../../runtime/deferred.js';
import { settle } from '../../runtime/manual-clock.test-support.js';
import type { DeliveryInfo } from '../../signals/signal.js';
import { ConsumerBench, deadLettersOf } from '../consumer-bench.test-support.js';

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc') as () => void;

const bench = new ConsumerBench();

/** Collects until it is so. */
async function collectGarbage(isSo: () => boolean): Promise<void> {
  await vi.waitFor(() => {
    gc();
    expect(isSo()).toBe(true);
  });
}

describe('receiverTimeoutMs', () => {
  it('fires the abort signal of the receiver, with the reason, and counts as a failed try', async () => {
    const signals: AbortSignal[] = [];
    bench.signal.connect(
      ({ delivery }) => {
        if (delivery !== null) signals.push(delivery.abortSignal);
        return new Promise(() => {});
      },
      { name: 'hung' },
    );
    const { consumer } = await bench.consume({ receiverTimeoutMs: 500, maxAttempts: 2 }, 1);
    await bench.clock.advance(499);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await bench.clock.advance(1);
    expect(signals[0]?.reason).toMatchObject({
      code: 'EVENTS_RECEIVER_TIMEOUT',
      receiver: 'hung',
      timeoutMs: 500,
    });
    await bench.clock.advance(100 + 1_500);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(deadLettersOf(consumer)).toMatchObject([
      { 'dlq-code': 'EVENTS_RECEIVER_TIMEOUT', 'dlq-attempts': '2' },
    ]);
    expect(consumer.acknowledged).toEqual([['a', 1]]);
  });

  it('is noticed at most a second late', async () => {
    bench.signal.connect(() => new Promise(() => {}));
    const { consumer } = await bench.consume({ receiverTimeoutMs: 10_500, maxAttempts: 1 }, 1);
    await bench.clock.advance(10_499);
    expect(consumer.deadLetters).toHaveLength(0);
    await bench.clock.advance(1_001);
    expect(consumer.deadLetters).toHaveLength(1);
  });

  it('does not fire for a receiver that finished in time', async () => {
    const signals: AbortSignal[] = [];
    const held = deferred();
    bench.signal.connect(async ({ delivery }) => {
      if (delivery !== null) signals.push(delivery.abortSignal);
      await held.promise;
    });
    const { consumer } = await bench.consume({ receiverTimeoutMs: 500 }, 1);
    await bench.clock.advance(499);
    held.resolve();
    await bench.clock.advance(5_000);
    expect(consumer.acknowledged).toEqual([['a', 1]]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    expect(bench.clock.pending).toEqual([]);
  });

  it.each<[string, (held: Deferred<void>) => void]>([
    ['resolves', (held) => held.resolve()],
    ['throws', (held) => held.reject(new Error('too late'))],
    ['throws what is no error', (held) => held.reject(undefined)],
  ])('does not count what a receiver does that %s after it', async (_, end) => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const held = deferred();
    let runs = 0;
    bench.signal.connect(() => {
      runs += 1;
      return held.promise;
    });
    const { consumer } = await bench.consume({ receiverTimeoutMs: 500, maxAttempts: 1 }, 1);
    await bench.clock.advance(1_000);
    const deadLetters = deadLettersOf(consumer);
    end(held);
    await settle();
    process.off('unhandledRejection', unhandled);
    expect(deadLetters).toMatchObject([{ 'dlq-code': 'EVENTS_RECEIVER_TIMEOUT' }]);
    expect(deadLettersOf(consumer)).toEqual(deadLetters);
    expect([runs, bench.factsOf('event.handled'), unhandled.mock.calls]).toEqual([1, [], []]);
  });

  it('may be cut short by a receiver that listens: its error then counts no second time', async () => {
    bench.signal.connect(
      ({ delivery }) =>
        new Promise((_, reject) => {
          delivery?.abortSignal.addEventListener('abort', () => reject(new Error('I was told')));
        }),
    );
    const { consumer } = await bench.consume({ receiverTimeoutMs: 500, maxAttempts: 1 }, 1);
    await bench.clock.advance(1_000);
    expect(bench.factsOf('receiver.failed')).toHaveLength(1);
    expect(consumer.deadLetters).toHaveLength(1);
  });

  it('lets the next receivers of the event run, and the events behind it', async () => {
    const got: string[] = [];
    bench.signal.connect(({ data }) => (data.count === 1 ? new Promise(() => {}) : undefined));
    bench.signal.connect(({ data }) => void got.push(`next ${data.count}`));
    const { consumer } = await bench.consume({ receiverTimeoutMs: 500, maxAttempts: 1 }, 1, 2);
    await bench.clock.advance(500);
    expect(got).toEqual(['next 1', 'next 2']);
    expect(consumer.acknowledged).toEqual([['a', 1, 2]]);
  });

  it('holds for each receiver by itself, also one with a limit of its own', async () => {
    const order: string[] = [];
    const slow = (name: string) => async () => {
      await bench.clock.sleep(800);
      order.push(name);
    };
    bench.signal.connect(slow('first'));
    bench.signal.connect(slow('second'));
    bench.signal.connect(() => new Promise(() => {}), { name: 'hasty', policy: { receiverTimeoutMs: 50 } });
    const { consumer } = await bench.consume({ receiverTimeoutMs: 1_000, maxAttempts: 1 }, 1);
    await bench.clock.advance(1_600 + 1_050); // it is noticed up to a second late
    expect(order).toEqual(['first', 'second']);
    expect(deadLettersOf(consumer)).toMatchObject([{ 'dlq-message': expect.stringContaining('hasty') }]);
  });

  it('costs no timer when it is Infinity', async () => {
    bench.signal.connect(() => new Promise(() => {}));
    await bench.consume({ receiverTimeoutMs: Number.POSITIVE_INFINITY }, 1);
    expect(bench.clock.pending).toEqual([]);
  });

  it('costs one timer for all that are at work', async () => {
    bench.signal.connect(() => new Promise(() => {}));
    await bench.consume({ concurrency: 10, drainTimeoutMs: 10 }, 1, 2, 3, 4, 5);
    expect(bench.clock.pending).toHaveLength(1);
  });

  it('does not keep the process busy when a receiver begins after its consumer has stopped', async () => {
    const held = deferred();
    const second = vi.fn(() => new Promise(() => {}));
    bench.signal.connect(() => held.promise, { name: 'first' });
    bench.signal.connect(second, { name: 'second' });
    const { consumer, running } = await bench.consume({ drainTimeoutMs: 100 }, 1);
    consumer.stop();
    await bench.clock.advance(100);
    await running;
    held.resolve();
    await settle();
    expect(second).toHaveBeenCalledOnce();
    expect(bench.clock.pending).toEqual([]);
  });
});

describe('a stop with receivers that do not end', () => {
  const abandoned = () =>
    bench.logger.lines.filter(({ level, message }) => level === 'warn' && message.includes('abandoned'));

  it('ends below the 30 s of a pod by default, and logs which event was abandoned, and by which receiver', async () => {
    bench.signal.connect(() => {}, { name: 'quick' });
    bench.signal.connect(() => new Promise(() => {}), { name: 'stuck' });
    const { consumer, running } = await bench.consume({}, 7);
    consumer.stop();
    await bench.clock.advance(25_000);
    await running;
    const { eventType } = bench.signal;
    const facts = { eventType, topic: 'counts', groupId: 'g', position: '0:7', receiver: 'stuck' };
    expect(abandoned()).toMatchObject([
      { facts: { ...facts, eventId: expect.any(String), drainTimeoutMs: 20_000 } },
    ]);
    expect(consumer.acknowledged).toEqual([]);
  });

  it('names ten events, and counts the others', async () => {
    bench.signal.connect(() => new Promise(() => {}), { name: 'stuck' });
    const counts = Array.from({ length: 25 }, (_, index) => index + 1);
    const { consumer, running } = await bench.consume({ concurrency: 25, drainTimeoutMs: 10 }, ...counts);
    consumer.stop();
    await bench.clock.advance(10);
    await running;
    expect(abandoned()).toHaveLength(11);
    expect(abandoned().at(-1)?.facts).toMatchObject({ events: 15 });
  });

  it('names the receiver that runs, not one that was late before', async () => {
    bench.signal.connect(() => new Promise(() => {}), { name: 'late', policy: { receiverTimeoutMs: 50 } });
    bench.signal.connect(() => new Promise(() => {}), { name: 'runs' });
    const { consumer, running } = await bench.consume({ drainTimeoutMs: 10 }, 1);
    await bench.clock.advance(60);
    consumer.stop();
    await bench.clock.advance(10);
    await running;
    expect(abandoned()).toMatchObject([{ facts: { receiver: 'runs' } }]);
  });

  it('names nothing when all end in time', async () => {
    const held = deferred();
    bench.signal.connect(() => held.promise);
    const { consumer, running } = await bench.consume({}, 1);
    consumer.stop();
    held.resolve();
    await running;
    expect(abandoned()).toEqual([]);
  });
});

describe('the abort signal of a receiver', () => {
  it('fires when the lane is taken away', async () => {
    const lane = new AbortController();
    const aborts: string[] = [];
    bench.signal.connect(({ delivery }) => {
      delivery?.abortSignal.addEventListener('abort', () => aborts.push('told'));
      return new Promise(() => {});
    });
    const { consumer } = bench.start();
    consumer.push([bench.event(1, 'k', { abortSignal: lane.signal })]);
    await settle();
    lane.abort();
    expect(aborts).toEqual(['told']);
  });

  it('has fired already for who asks only after the timeout', async () => {
    const asked = deferred<boolean | undefined>();
    bench.signal.connect(async ({ delivery }) => {
      await bench.clock.sleep(2_000);
      asked.resolve(delivery?.abortSignal.aborted);
    });
    await bench.consume({ receiverTimeoutMs: 500, maxAttempts: 1 }, 1);
    await bench.clock.advance(2_000);
    expect(await asked.promise).toBe(true);
  });
});

const unreadable = () => {
  throw new Error('this must not reach the consumer');
};

describe('a receiver that throws an error that cannot be read', () => {
  it.each<[string, unknown, string]>([
    [
      'its message is no text',
      Object.assign(new Error('x'), { message: { errors: [] } }),
      'Error: an error whose message cannot be read was thrown',
    ],
    [
      'its message, name and code throw',
      Object.defineProperties(new Error('x'), {
        message: { get: unreadable },
        name: { get: unreadable },
        code: { get: unreadable },
      }),
      'Error: an error whose message cannot be read was thrown',
    ],
    ['its name is a symbol', Object.assign(new Error('x'), { name: Symbol('x') }), 'Error: x'],
    [
      'it is a proxy that throws',
      new Proxy({}, { getPrototypeOf: unreadable, get: unreadable, has: unreadable }),
      'a value that is no Error was thrown (object)',
    ],
  ])('is dead-lettered like others, and the consumer continues: %s', async (_, thrown, message) => {
    bench.signal.connect(({ data }) => {
      if (data.count === 1) throw thrown;
    });
    const { consumer } = await bench.consume({ maxAttempts: 1 }, 1, 2);
    expect(deadLettersOf(consumer)).toMatchObject([
      { 'dlq-code': 'RECEIVER_FAILED', 'dlq-message': message },
    ]);
    expect([consumer.acknowledged.flat(), consumer.state]).toEqual([
      expect.arrayContaining([1, 2]),
      'running',
    ]);
  });

  it('is retried and dead-lettered when it is a thenable that throws', async () => {
    // biome-ignore lint/suspicious/noThenProperty: it is what is tested
    bench.signal.connect(() => ({ then: unreadable }));
    const { consumer } = await bench.consume({ maxAttempts: 1, receiverTimeoutMs: 500 }, 1);
    expect(consumer.deadLetters).toHaveLength(1);
    await bench.clock.advance(1_000);
    expect(bench.clock.pending).toEqual([]);
  });
});

describe('a receiver that throws what is no error', () => {
  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'a value that is no Error was thrown (undefined)'],
    ['null', null, 'a value that is no Error was thrown (object)'],
    ['a text, which may be a secret', 'password 123', 'a value that is no Error was thrown (string)'],
    ['an object with a code', { code: 7 }, 'a value that is no Error was thrown (object)'],
  ])('is tried again and dead-lettered like others: %s', async (_, thrown, message) => {
    let runs = 0;
    bench.signal.connect(() => {
      runs += 1;
      if (runs === 1) throw thrown;
      return Promise.reject(thrown);
    });
    const { consumer } = await bench.consume({ maxAttempts: 2, receiverTimeoutMs: 500 }, 1);
    await bench.clock.advance(100);
    expect(runs).toBe(2);
    expect(deadLettersOf(consumer)).toMatchObject([
      { 'dlq-code': 'RECEIVER_FAILED', 'dlq-message': message, 'dlq-attempts': '2' },
    ]);
    expect(consumer.acknowledged).toEqual([['a', 1]]);
  });
});

describe('the abort signal of a receiver that has ended', () => {
  it.each<[string, () => unknown]>([
    ['returns', () => undefined],
    [
      'throws',
      () => {
        throw new Error('failed');
      },
    ],
    ['resolves', async () => undefined],
    ['rejects', () => Promise.reject(new Error('failed'))],
  ])('is released although the receiver left a listener on it: it %s', async (_, end) => {
    const aborts: string[] = [];
    const lane = new AbortController();
    const signals: WeakRef<AbortSignal>[] = [];
    bench.signal.connect(({ delivery }) => {
      const signal = delivery?.abortSignal as AbortSignal;
      signals.push(new WeakRef(signal));
      signal.addEventListener('abort', () => aborts.push('fired'));
      return end();
    });
    const { consumer } = bench.start({ maxAttempts: 1 });
    consumer.push(Array.from({ length: 50 }, (_, at) => bench.event(at, 'k', { abortSignal: lane.signal })));
    await collectGarbage(
      () => signals.length === 50 && signals.every((signal) => signal.deref() === undefined),
    );
    lane.abort();
    expect(aborts).toEqual([]);
  });

  it.each([300_000, Number.POSITIVE_INFINITY])(
    'keeps no listener at the lane, with receiverTimeoutMs %d',
    async (receiverTimeoutMs) => {
      const lane = new AbortController();
      const listen = vi.spyOn(AbortSignal.prototype, 'addEventListener');
      const composite = vi.spyOn(AbortSignal, 'any');
      bench.signal.connect(async ({ delivery }) => void delivery?.abortSignal.aborted);
      const { consumer } = bench.start({ receiverTimeoutMs });
      await settle();
      const before = listen.mock.calls.length;
      consumer.push(
        Array.from({ length: 200 }, (_, at) => bench.event(at, 'k', { abortSignal: lane.signal })),
      );
      await vi.waitFor(() => expect(consumer.acknowledged.flat().length).toBeGreaterThan(200));
      expect([listen.mock.calls.length - before < 20, composite.mock.calls]).toEqual([true, []]);
      vi.restoreAllMocks();
    },
  );

  it('does not fire for a receiver that asks for it only after its end', async () => {
    const lane = new AbortController();
    let info: DeliveryInfo | null = null;
    bench.signal.connect(({ delivery }) => {
      info = delivery;
    });
    const { consumer } = bench.start();
    consumer.push([bench.event(1, 'k', { abortSignal: lane.signal })]);
    await settle();
    const signal = (info as unknown as DeliveryInfo).abortSignal;
    lane.abort();
    expect(signal.aborted).toBe(false);
  });
});
