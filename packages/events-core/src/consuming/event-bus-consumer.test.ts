import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConsumerFailedError, IllegalStateError } from '../errors/bus-errors.js';
import { InfrastructureError } from '../errors/receiver-errors.js';
import { deferred } from '../runtime/deferred.js';
import { ManualClock, settle } from '../runtime/manual-clock.test-support.js';
import { recordingLogger, recordingTelemetry } from '../runtime/recording.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import { defineCount } from '../signals/count-changed.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import { bufferedBytes } from '../wire/buffered-bytes.js';
import { FakeEventBusConsumer } from './fake-event-bus-consumer.test-support.js';
import { deliveryOf, messageOf } from './types/deliveries.test-support.js';
import type { Delivery } from './types/delivery.js';

const restore = snapshotSignals();
const unhandled = vi.fn();
let clock: ManualClock;
let telemetry: ReturnType<typeof recordingTelemetry>;
let logger: ReturnType<typeof recordingLogger>;

beforeEach(() => {
  clock = new ManualClock();
  telemetry = recordingTelemetry();
  logger = recordingLogger();
  configureEvents({ clock, telemetry, logger, random: () => 1 });
  unhandled.mockClear();
  process.on('unhandledRejection', unhandled);
});
afterEach(async () => {
  await settle();
  process.off('unhandledRejection', unhandled);
  restore();
  expect(unhandled).not.toHaveBeenCalled();
});

const away = () => new InfrastructureError('the broker is unreachable');

/** A signal whose receiver keeps what it gets, and waits where a test says so. */
function countedSignal() {
  const signal = defineCount();
  const got: number[] = [];
  const holds = new Map<number, ReturnType<typeof deferred<void>>>();
  signal.connect(
    async ({ data: { count } }) => {
      got.push(count);
      await holds.get(count)?.promise;
    },
    { name: 'keep' },
  );
  const hold = (count: number) => {
    const held = deferred();
    holds.set(count, held);
    return held;
  };
  const batch = (counts: readonly number[], lane = 'a') =>
    counts.map((count) => deliveryOf(messageOf(signal, { count }), count, { lane }));
  return { signal, got, hold, batch };
}

describe('the life of a consumer', () => {
  it('goes from idle to running to stopped, and reports it', async () => {
    const { batch, got } = countedSignal();
    const consumer = new FakeEventBusConsumer();
    expect(consumer.state).toBe('idle');
    expect(consumer.health()).toEqual({ live: true, ready: false, reasons: ['the consumer is idle'] });
    const running = consumer.run();
    expect(consumer.state).toBe('running');
    expect(consumer.health()).toEqual({ live: true, ready: false, reasons: ['not connected yet'] });
    consumer.push([], batch([1]));
    await consumer.ready;
    await settle();
    expect(consumer.health()).toEqual({ live: true, ready: true, reasons: [] });
    consumer.stop();
    expect(consumer.state).toBe('stopping');
    await running;
    expect(consumer.state).toBe('stopped');
    expect(consumer.health()).toEqual({ live: true, ready: false, reasons: ['the consumer is stopped'] });
    expect(got).toEqual([1]);
    await consumer.close();
    expect(consumer.log).toEqual(['ack 1', 'leave', 'release']);
    expect(telemetry.facts.flatMap((fact) => (fact.type === 'consumer.state' ? [fact.state] : []))).toEqual([
      'running',
      'stopping',
      'stopped',
    ]);
    expect(clock.pending).toEqual([]);
  });

  /** Brings a consumer into a state; `running` is what `run` returned. */
  async function inState(state: FakeEventBusConsumer['state']) {
    const { batch, hold } = countedSignal();
    const held = hold(1);
    const consumer = new FakeEventBusConsumer();
    let running: Promise<void> = Promise.resolve();
    if (state !== 'idle') {
      running = consumer.run();
      running.catch(() => {});
      consumer.push([], batch([1]));
      await settle();
    }
    if (state === 'failed') consumer.push({ failure: new Error('broken') });
    if (state === 'stopped' || state === 'stopping') consumer.stop();
    if (state === 'failed' || state === 'stopped') held.resolve();
    await settle();
    expect(consumer.state).toBe(state);
    return { consumer, running, held };
  }

  describe('idle', () => {
    it('stop: stopped, for a signal to end may come before run; run then resolves at once', async () => {
      const { consumer } = await inState('idle');
      consumer.stop();
      expect(consumer.state).toBe('stopped');
      await consumer.run();
      await consumer.run();
      expect(consumer.receives).toBe(0);
    });

    it('close: stopped, and lets go', async () => {
      const { consumer } = await inState('idle');
      await consumer.close();
      expect(consumer.state).toBe('stopped');
      expect(consumer.log).toEqual(['release']);
      await expect(consumer.ready).rejects.toThrow(IllegalStateError);
    });
  });

  describe('running', () => {
    it('run: rejects', async () => {
      const { consumer, held } = await inState('running');
      await expect(consumer.run()).rejects.toMatchObject({ operation: 'run', state: 'running' });
      held.resolve();
      await consumer.close();
    });

    it('stop: the event in flight is finished and acknowledged', async () => {
      const { consumer, running, held } = await inState('running');
      consumer.stop();
      await settle();
      expect(consumer.acknowledged).toEqual([]);
      held.resolve();
      await running;
      expect(consumer.log).toEqual(['ack 1', 'leave']);
    });

    it('close: stops, waits for run, lets go', async () => {
      const { consumer, running, held } = await inState('running');
      const closed = consumer.close();
      expect(consumer.state).toBe('stopping');
      await settle();
      held.resolve();
      await closed;
      await running;
      expect(consumer.log).toEqual(['ack 1', 'leave', 'release']);
    });
  });

  describe('stopping', () => {
    it('run: rejects; stop: no effect; close: waits and lets go', async () => {
      const { consumer, held } = await inState('stopping');
      await expect(consumer.run()).rejects.toMatchObject({ state: 'stopping' });
      consumer.stop();
      expect(consumer.state).toBe('stopping');
      const closed = [consumer.close(), consumer.close()];
      held.resolve();
      await Promise.all(closed);
      expect(consumer.log).toEqual(['ack 1', 'leave', 'release']);
    });
  });

  describe.each(['stopped', 'failed'] as const)('%s', (state) => {
    it('run: rejects; stop: no effect; close: lets go once', async () => {
      const { consumer } = await inState(state);
      await expect(consumer.run()).rejects.toMatchObject({ operation: 'run', state });
      consumer.stop();
      expect(consumer.state).toBe(state);
      await Promise.all([consumer.close(), consumer.close()]);
      await consumer.close();
      expect(consumer.state).toBe(state);
      expect(consumer.log.filter((entry) => entry === 'release')).toHaveLength(1);
    });
  });

  it('ends with an AbortSignal, also one that fired before', async () => {
    const { batch, got } = countedSignal();
    const abort = new AbortController();
    const consumer = new FakeEventBusConsumer();
    const running = consumer.run({ abortSignal: abort.signal });
    consumer.push([], batch([1]));
    await settle();
    abort.abort();
    await running;
    expect(got).toEqual([1]);

    const late = new FakeEventBusConsumer();
    await late.run({ abortSignal: abort.signal });
    expect([late.state, late.receives]).toEqual(['stopped', 0]);
    await expect(late.ready).rejects.toThrow(IllegalStateError);
  });

  it('ends when a scope is left', async () => {
    const consumer = new FakeEventBusConsumer();
    {
      await using _ = consumer;
      void consumer.run();
    }
    expect(consumer.state).toBe('stopped');
    expect(consumer.log).toEqual(['leave', 'release']);
  });

  it('is not harmed by a group that cannot be left', async () => {
    const consumer = new FakeEventBusConsumer();
    consumer.failures.leave = away();
    const running = consumer.run();
    consumer.push([]);
    await settle();
    await consumer.close();
    await running;
    expect(consumer.state).toBe('stopped');
    expect(logger.lines).toMatchObject([{ level: 'warn', message: 'leaving the group failed' }]);
  });
});

describe('an error that cannot be helped', () => {
  it('ends run and ready with what it was, after the events in flight', async () => {
    const { batch, got, hold } = countedSignal();
    const held = hold(1);
    const broken = new Error('no such user');
    const consumer = new FakeEventBusConsumer();
    const running = consumer.run();
    running.catch(() => {});
    consumer.push(batch([1, 2]));
    await settle();
    consumer.push({ failure: broken });
    await settle();
    expect(consumer.health().reasons).toEqual(['no such user']);
    held.resolve();
    await expect(running).rejects.toThrow(ConsumerFailedError);
    await expect(running).rejects.toMatchObject({ groupId: 'g', cause: broken });
    expect([got, consumer.acknowledged]).toEqual([[1], [['a', 1]]]);
    expect(consumer.health()).toEqual({
      live: false,
      ready: false,
      reasons: ['the consumer is failed', 'no such user'],
    });
  });

  it('rejects ready when it comes before the group has a position', async () => {
    const consumer = new FakeEventBusConsumer();
    const running = consumer.run();
    running.catch(() => {});
    consumer.push({ failure: new Error('no such topic') });
    await expect(consumer.ready).rejects.toThrow('no such topic');
  });

  it('is an acknowledgement that fails for good; what failed is not acknowledged again', async () => {
    const { batch } = countedSignal();
    const consumer = new FakeEventBusConsumer();
    consumer.failures.acknowledge = new Error('not allowed');
    const running = consumer.run();
    running.catch(() => {});
    consumer.push([], batch([1]));
    await expect(running).rejects.toThrow('not allowed');
  });

  it('is a policy to stop, which leaves the event unacknowledged and those before it acknowledged', async () => {
    const { batch, signal } = countedSignal();
    const consumer = new FakeEventBusConsumer({ onFailure: 'stop' });
    const running = consumer.run();
    running.catch(() => {});
    const [first, , third] = batch([1, 2, 3]);
    consumer.push(
      [first, deliveryOf(messageOf(signal, '{poison'), 2), third].filter((one) => one !== undefined),
    );
    await expect(running).rejects.toMatchObject({ cause: { code: 'EVENTS_DECODING_FAILED' } });
    expect(consumer.acknowledged).toEqual([['a', 1]]);
  });
});

describe('a broker that goes away', () => {
  it('is asked again, with growing waits, and health reports it', async () => {
    const { batch, got } = countedSignal();
    const consumer = new FakeEventBusConsumer({
      initialBackoffMs: 100,
      maxBackoffMs: 300,
      receiverTimeoutMs: Number.POSITIVE_INFINITY,
    });
    void consumer.run();
    consumer.push({ failure: away() }, { failure: away() }, { failure: away() });
    const waits: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await settle();
      expect(consumer.health().reasons).toEqual(['the broker is unreachable']);
      waits.push(clock.pending[0] ?? 0);
      await clock.advance(clock.pending[0] ?? 0);
    }
    expect(waits).toEqual([100, 200, 300]);
    consumer.push([], batch([1]));
    await settle();
    expect(consumer.health().ready).toBe(true);
    expect(got).toEqual([1]);
    consumer.push('end');
    await settle();
    expect(consumer.health().reasons).toEqual(['the connection to the broker ended']);
    expect(clock.pending).toEqual([100]);
    await clock.advance(100);
    consumer.push([]);
    await settle();
    expect([consumer.health().ready, consumer.receives]).toEqual([true, 5]);
    await consumer.close();
  });

  it('does not keep a consumer from stopping', async () => {
    const consumer = new FakeEventBusConsumer();
    const running = consumer.run();
    consumer.push({ failure: away() });
    await settle();
    consumer.stop();
    await running;
    expect(clock.pending).toEqual([]);
  });

  it('keeps handled events in flight until they can be acknowledged', async () => {
    const { batch } = countedSignal();
    const consumer = new FakeEventBusConsumer();
    void consumer.run();
    consumer.failures.acknowledge = away();
    consumer.push([], batch([1, 2]));
    await settle();
    expect(consumer.health()).toMatchObject({
      live: true,
      ready: false,
      reasons: ['a waits: the broker is unreachable'],
    });
    expect(consumer.paused).toEqual(['a']);
    consumer.failures = {};
    await clock.advance(100);
    expect(consumer.acknowledged).toEqual([['a', 1, 2]]);
    expect(consumer.paused).toEqual([]);
    await consumer.close();
  });
});

describe('stop', () => {
  it('abandons what has not started', async () => {
    const { batch, got, hold } = countedSignal();
    const held = hold(1);
    const consumer = new FakeEventBusConsumer();
    const running = consumer.run();
    consumer.push([], batch([1, 2, 3]));
    await settle();
    consumer.stop();
    consumer.push(batch([4]));
    held.resolve();
    await running;
    expect([got, consumer.acknowledged]).toEqual([[1], [['a', 1]]]);
  });

  it('processes nothing that arrives with the stop itself', async () => {
    const { batch, got } = countedSignal();
    const consumer = new FakeEventBusConsumer();
    const running = consumer.run();
    consumer.push([]);
    await settle();
    consumer.push(batch([1]));
    consumer.stop();
    await running;
    expect(got).toEqual([]);
  });

  it('acknowledges what is finished, aborts a receiver that is stuck past drainTimeoutMs, and acknowledges nothing after that', async () => {
    const { signal, batch, hold } = countedSignal();
    const aborts: number[] = [];
    const held = deferred();
    signal.connect(({ data, delivery }) => {
      delivery?.abortSignal.addEventListener('abort', () => aborts.push(data.count));
      return data.count === 2 ? held.promise : undefined;
    });
    hold(1).resolve();
    hold(2).resolve();
    const consumer = new FakeEventBusConsumer({ drainTimeoutMs: 1_000 });
    const running = consumer.run();
    consumer.push([], batch([1, 2]));
    await settle();
    consumer.stop();
    await clock.advance(999);
    expect(consumer.state).toBe('stopping');
    await clock.advance(1);
    await running;
    expect(consumer.state).toBe('stopped');
    held.resolve();
    await settle();
    expect(consumer.log).toEqual(['ack 1', 'leave']);
    expect(aborts).toEqual([2]);
  });

  it('ends the wait between tries; the event comes again', async () => {
    const { signal, batch } = countedSignal();
    signal.connect(() => Promise.reject(new Error('broken')), { name: 'bad' });
    const consumer = new FakeEventBusConsumer({ receiverTimeoutMs: Number.POSITIVE_INFINITY });
    const running = consumer.run();
    consumer.push([], batch([1, 2]));
    await settle();
    expect(clock.pending).toEqual([100]);
    consumer.stop();
    await running;
    expect(consumer.acknowledged).toEqual([]);
  });
});

describe('back-pressure', () => {
  it('accepts no more than maxBufferedEvents that wait, and goes on when there is room', async () => {
    const { batch, got, hold } = countedSignal();
    const held = hold(1);
    const consumer = new FakeEventBusConsumer({ maxBufferedEvents: 2 });
    void consumer.run();
    consumer.push([], batch([1, 2]), batch([3, 4]), batch([5]));
    await settle();
    expect(consumer.waiting).toBe(1);
    held.resolve();
    await settle();
    expect(got).toEqual([1, 2, 3, 4, 5]);
    expect(consumer.waiting).toBe(0);
    await consumer.close();
  });

  it('counts the bytes of what waits and is processed, and goes on when they are freed', async () => {
    const { batch, got, hold } = countedSignal();
    const held = hold(1);
    const [first] = batch([1]);
    const bytes = bufferedBytes((first as Delivery).message);
    const consumer = new FakeEventBusConsumer({ maxBufferedBytes: 2 * bytes });
    void consumer.run();
    consumer.push([], batch([1]), batch([2]), batch([3]));
    await settle();
    expect(consumer.waiting).toBe(1);
    held.resolve();
    await settle();
    expect([got, consumer.waiting]).toEqual([[1, 2, 3], 0]);
    await consumer.close();
  });

  it('does not keep back an event that is larger than maxBufferedBytes', async () => {
    const { batch, got } = countedSignal();
    const consumer = new FakeEventBusConsumer({ maxBufferedBytes: 1 });
    void consumer.run();
    consumer.push([], batch([1]), batch([2, 3]));
    await settle();
    expect(got).toEqual([1, 2, 3]);
    await consumer.close();
  });

  it('handles no more than maxUnacknowledgedEvents behind an unfinished one, and goes on when that is decided', async () => {
    const { batch, got, hold } = countedSignal();
    const held = hold(1);
    const consumer = new FakeEventBusConsumer({ concurrency: 2, maxUnacknowledgedEvents: 3 });
    void consumer.run();
    const keyed = (counts: readonly number[]) =>
      batch(counts).map((delivery): Delivery => {
        const key = Buffer.from(delivery.position);
        return { ...delivery, message: { ...delivery.message, key } };
      });
    consumer.push([], keyed([1, 2, 3]));
    await settle();
    consumer.push(keyed([4]));
    await settle();
    consumer.push(keyed([5]));
    await settle();
    consumer.push(keyed([6]));
    await settle();
    expect([got, consumer.waiting]).toEqual([[1, 2, 3, 4, 5], 1]);
    held.resolve();
    await settle();
    expect([got, consumer.waiting]).toEqual([[1, 2, 3, 4, 5, 6], 0]);
    expect(consumer.acknowledged.flatMap(([, ...ordinals]) => ordinals)).toEqual([1, 2, 3, 4, 5, 6]);
    await consumer.close();
  });

  it('is not caused by a lane that waits for something: the others go on', async () => {
    const { signal, batch, got } = countedSignal();
    let isDown = true;
    signal.connect(
      ({ data }) => {
        if (data.count < 10 && isDown) throw new InfrastructureError('the database is unreachable');
      },
      { name: 'database' },
    );
    const consumer = new FakeEventBusConsumer({ maxBufferedEvents: 2 });
    void consumer.run();
    consumer.push([], batch([1, 2, 3, 4, 5], 'down'));
    await settle();
    consumer.push(batch([11, 12, 13], 'up'), batch([14], 'up'));
    await settle();
    expect(got).toEqual([1, 11, 12, 13, 14]);
    expect(consumer.paused).toEqual(['down']);
    expect(consumer.health().reasons).toEqual(['down waits: the database is unreachable']);
    isDown = false;
    await clock.advance(1_000);
    expect(got.filter((count) => count < 10)).toEqual([1, 2, 3, 4, 5]);
    expect(consumer.paused).toEqual([]);
    await consumer.close();
    expect(consumer.acknowledged).toContainEqual(['down', 1, 2, 3, 4, 5]);
  });

  it('does not keep a consumer from stopping', async () => {
    const { batch, hold } = countedSignal();
    const held = hold(1);
    const consumer = new FakeEventBusConsumer({ maxBufferedEvents: 1 });
    const running = consumer.run();
    consumer.push([], batch([1, 2, 3]));
    await settle();
    consumer.stop();
    held.resolve();
    await running;
    expect(consumer.acknowledged).toEqual([['a', 1]]);
  });
});

describe('lanes', () => {
  it('are independent of each other, and each keeps its order', async () => {
    const { batch, got, hold } = countedSignal();
    const held = hold(1);
    const consumer = new FakeEventBusConsumer();
    void consumer.run();
    consumer.push([], [...batch([1, 2], 'a'), ...batch([11, 12], 'b')]);
    await settle();
    expect(got).toEqual([1, 11, 12]);
    held.resolve();
    await settle();
    expect(got).toEqual([1, 11, 12, 2]);
    expect(consumer.acknowledged).toEqual([
      ['b', 11, 12],
      ['a', 1, 2],
    ]);
    await consumer.close();
  });

  it('are drained when they are taken away, without touching the others', async () => {
    const { batch, got, hold } = countedSignal();
    const held = hold(1);
    const consumer = new FakeEventBusConsumer();
    void consumer.run();
    consumer.push([], [...batch([1, 2], 'a'), ...batch([11], 'b')]);
    await settle();
    const drained = vi.fn();
    void consumer.drain('a').then(drained);
    await settle();
    expect(drained).not.toHaveBeenCalled();
    held.resolve();
    await settle();
    expect(drained).toHaveBeenCalledOnce();
    expect(consumer.acknowledged).toContainEqual(['a', 1]);
    consumer.push(batch([2], 'a'), batch([12], 'b'));
    await settle();
    expect(got).toEqual([1, 11, 2, 12]);
    await consumer.drain('unknown');
    await consumer.close();
  });

  it('are abandoned when draining takes too long; nothing of them is acknowledged then', async () => {
    const { batch, hold } = countedSignal();
    const held = hold(1);
    const consumer = new FakeEventBusConsumer({ drainTimeoutMs: 1_000 });
    void consumer.run();
    consumer.push([], batch([1, 2]));
    await settle();
    const drained = consumer.drain('a');
    await clock.advance(1_000);
    await drained;
    held.resolve();
    await settle();
    expect(consumer.acknowledged).toEqual([]);
    await consumer.close();
  });

  it('begin anew when they come back after their deliveries were aborted', async () => {
    const { signal, batch, got, hold } = countedSignal();
    const held = hold(1);
    const abort = new AbortController();
    const consumer = new FakeEventBusConsumer();
    void consumer.run();
    const aborted = [1, 2].map((count) =>
      deliveryOf(messageOf(signal, { count }), count, { abortSignal: abort.signal }),
    );
    consumer.push([], aborted);
    await settle();
    abort.abort();
    consumer.push(batch([3]));
    await settle();
    expect(got).toEqual([1, 3]);
    held.resolve();
    await settle();
    expect(consumer.acknowledged).toEqual([['a', 3]]);
    await consumer.close();
  });

  it('do not stay in health after they were taken away while they waited', async () => {
    const { signal } = countedSignal();
    signal.connect(() => Promise.reject(away()), { name: 'down' });
    const abort = new AbortController();
    const consumer = new FakeEventBusConsumer();
    void consumer.run();
    consumer.push([], [deliveryOf(messageOf(signal, { count: 1 }), 1, { abortSignal: abort.signal })]);
    await settle();
    expect(consumer.health().ready).toBe(false);
    abort.abort();
    await settle();
    expect(consumer.health()).toEqual({ live: true, ready: true, reasons: [] });
    await consumer.close();
  });
});
