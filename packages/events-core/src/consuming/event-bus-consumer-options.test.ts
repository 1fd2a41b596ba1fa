import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConsumerFailedError } from '../errors/bus-errors.js';
import { ManualClock, settle } from '../runtime/manual-clock.test-support.js';
import { recordingLogger } from '../runtime/recording.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import { defineCount } from '../signals/count-changed.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import { FakeEventBusConsumer } from './fake-event-bus-consumer.test-support.js';
import { deliveryOf, messageOf } from './types/deliveries.test-support.js';
import type { Delivery } from './types/delivery.js';

let restore: () => void;
let settingsBefore: Disposable;
let logger: ReturnType<typeof recordingLogger>;

beforeEach(() => {
  restore = snapshotSignals();
  logger = recordingLogger();
  settingsBefore = configureEvents({ clock: new ManualClock(), logger });
});
afterEach(() => {
  settingsBefore[Symbol.dispose]();
  restore();
});

/** A signal whose receiver refuses the numbers that a test says. */
function countedSignal(refused: readonly number[] = []) {
  const signal = defineCount();
  const got: number[] = [];
  signal.connect(
    ({ data: { count } }) => {
      got.push(count);
      if (refused.includes(count)) throw new Error('refused');
    },
    { name: 'keep' },
  );
  const batch = (...counts: readonly number[]) =>
    counts.map((count) => deliveryOf(messageOf(signal, { count }), count));
  return { got, batch };
}

describe('a consumer that is switched off', () => {
  it('leaves the broker alone, reports that, and resolves when stopped', async () => {
    const consumer = new FakeEventBusConsumer({ enabled: false });
    const running = consumer.run();
    await settle();
    expect(consumer.health()).toEqual({
      live: true,
      ready: false,
      reasons: ['the consumer is switched off (enabled: false)'],
    });
    expect(logger.lines).toMatchObject([{ level: 'warn', message: expect.stringMatching(/switched off/) }]);
    consumer.stop();
    await running;
    expect([consumer.receives, consumer.log, consumer.state]).toEqual([0, [], 'stopped']);
    await expect(consumer.ready).rejects.toMatchObject({ code: 'EVENTS_ILLEGAL_STATE' });
  });
});

describe('maxConsecutiveFailures', () => {
  it('ends the consumer with the last failed event dealt with, and none handled after it', async () => {
    const { batch, got } = countedSignal([2, 3, 4]);
    const consumer = new FakeEventBusConsumer({ maxConsecutiveFailures: 2, maxAttempts: 1 });
    const running = consumer.run();
    consumer.push([], batch(1, 2, 3, 4, 5));
    await expect(running).rejects.toThrow(/2 events in a row failed/);
    await expect(running).rejects.toBeInstanceOf(ConsumerFailedError);
    expect(got).toEqual([1, 2, 3]);
    expect(consumer.deadLetters).toHaveLength(2);
    expect(consumer.acknowledged.flatMap(([, ...ordinals]) => ordinals)).toEqual([1, 2, 3]);
  });

  it('counts from the beginning after a handled event', async () => {
    const { batch, got } = countedSignal([1, 3, 5]);
    const consumer = new FakeEventBusConsumer({ maxConsecutiveFailures: 2, maxAttempts: 1 });
    const running = consumer.run();
    consumer.push([], batch(1, 2, 3, 4, 5));
    await settle();
    consumer.stop();
    await running;
    expect(got).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('mayHandle', () => {
  it('abandons everything in flight of a lane that is no longer this consumer’s, without acknowledging', async () => {
    const { batch, got } = countedSignal();
    class Leased extends FakeEventBusConsumer {
      protected override mayHandle(): boolean {
        return got.length < 2;
      }
    }
    const consumer = new Leased({ ackEvery: 100 });
    const running = consumer.run();
    consumer.push([], batch(1, 2, 3));
    await settle();
    expect(got).toEqual([1, 2]);
    consumer.stop();
    await running;
    expect(consumer.acknowledged).toEqual([]);
  });
});

describe('auditLog', () => {
  it('writes one line for each handled event, with ids and position and no payload', async () => {
    const { batch } = countedSignal([2]);
    const consumer = new FakeEventBusConsumer({ auditLog: true, maxAttempts: 1 });
    const running = consumer.run();
    consumer.push([], batch(1, 2));
    await settle();
    consumer.stop();
    await running;
    const lines = logger.lines.filter(({ level }) => level === 'info');
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'an event was handled',
        facts: {
          eventType: 'org.openedx.learning.count.changed.v1',
          eventId: expect.any(String),
          topic: 'counts',
          groupId: 'g',
          position: '0:1',
          attempts: 1,
        },
      },
    ]);
  });

  it('writes nothing unless asked', async () => {
    const { batch } = countedSignal();
    const consumer = new FakeEventBusConsumer();
    const running = consumer.run();
    consumer.push([], batch(1));
    await settle();
    consumer.stop();
    await running;
    expect(logger.lines).toEqual([]);
  });
});

describe('maxDeliveries', () => {
  it('sets aside untried what was delivered more often; what may be next is counted when it is handled alone', async () => {
    const { got, batch } = countedSignal();
    const consumer = new FakeEventBusConsumer({ maxDeliveries: 3 });
    void consumer.run();
    const [often, careful, other] = batch(1, 2, 3);
    consumer.push([], [
      { ...often, deliveryCount: 4 },
      { ...careful, deliveryCount: 3, lane: 'b' },
      { ...other, deliveryCount: 2, lane: 'c' },
    ] as Delivery[]);
    await settle();
    expect(got.toSorted()).toEqual([2, 3]);
    expect(consumer.log.toSorted()).toEqual(['ack 1', 'ack 2', 'ack 3', 'count b 2']);
    expect(consumer.deadLetters).toHaveLength(1);
    await consumer.close();
  });

  it.each([0, 1, 2, 2.5])(
    'is not %d: an event is processed exclusively from the third delivery on',
    (maxDeliveries) => {
      expect(() => new FakeEventBusConsumer({ maxDeliveries })).toThrow(
        /maxDeliveries.*3 or more: an event is processed exclusively/,
      );
    },
  );
});

describe('exclusiveTimeoutMs', () => {
  it.each([0, -1, 300_001, Number.POSITIVE_INFINITY, '1'])('is not %s', (value) => {
    expect(() => new FakeEventBusConsumer({ exclusiveTimeoutMs: value as number })).toThrow(
      /exclusiveTimeoutMs.*more than 0 and at most 300000/,
    );
  });
});
