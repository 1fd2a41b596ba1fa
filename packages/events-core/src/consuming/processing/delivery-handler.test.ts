import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InfrastructureError } from '../../errors/receiver-errors.js';
import { deferred } from '../../runtime/deferred.js';
import { ManualClock, settle } from '../../runtime/manual-clock.test-support.js';
import { recordingLogger, recordingTelemetry } from '../../runtime/recording.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import { defineCount } from '../../signals/count-changed.test-support.js';
import { pendingReceipt } from '../../signals/pending-receipt.js';
import { snapshotSignals } from '../../signals/registry.js';
import type { DeliveryInfo, ReceivedData } from '../../signals/signal.js';
import { jsonCodec, plainWireFormat } from '../../wire/json-codec.test-support.js';
import type { Message } from '../../wire/message.js';
import type { WireFormat } from '../../wire/wire-format.js';
import { FakeEventBusConsumer } from '../fake-event-bus-consumer.test-support.js';
import type { ConsumerOptions } from '../types/consumer-options.js';
import { deliveryOf, messageOf } from '../types/deliveries.test-support.js';

const restore = snapshotSignals();
let clock: ManualClock;
let telemetry: ReturnType<typeof recordingTelemetry>;
let logger: ReturnType<typeof recordingLogger>;
let consumer: FakeEventBusConsumer | undefined;

beforeEach(() => {
  clock = new ManualClock('2026-01-02T03:04:05Z');
  telemetry = recordingTelemetry();
  logger = recordingLogger();
  configureEvents({ clock, telemetry, logger, random: () => 1 });
});
afterEach(async () => {
  await consumer?.close();
  consumer = undefined;
  restore();
});

function start(options: Partial<ConsumerOptions> = {}, wireFormat: Partial<WireFormat> = {}) {
  consumer = new FakeEventBusConsumer(options, {
    codec: jsonCodec,
    wireFormat: { ...plainWireFormat, ...wireFormat },
  });
  const started = consumer;
  const running = started.run();
  running.catch(() => {});
  const receive = async (...messages: readonly Message[]) => {
    started.push(messages.map((message, index) => deliveryOf(message, index + 1)));
    await settle();
  };
  return { consumer: started, running, receive };
}

const headersOf = (message: Message | undefined) =>
  Object.fromEntries(
    (message?.headers ?? []).map(([name, value]) => [name, Buffer.from(value ?? []).toString()]),
  );
const factsOf = (type: string) => telemetry.facts.filter((fact) => fact.type === type);

describe('a delivery that is handled', () => {
  it('reaches the receivers with its data, metadata and how it came', async () => {
    const signal = defineCount();
    const got: unknown[] = [];
    const seen: (DeliveryInfo | null)[] = [];
    signal.connect(({ data, metadata, fromEventBus, delivery }) => {
      got.push([data, metadata.eventType, fromEventBus]);
      seen.push(delivery);
    });
    const { receive, consumer } = start();
    await receive(messageOf(signal, { count: 0 }));
    expect(got).toEqual([[{ count: 0 }, signal.eventType, true]]);
    expect(seen).toMatchObject([{ topic: 'counts', groupId: 'g', position: '0:1', attempt: 1 }]);
    expect(consumer.acknowledged).toEqual([['a', 1]]);
    expect(factsOf('event.handled')).toEqual([
      {
        type: 'event.handled',
        system: 'kafka',
        eventType: signal.eventType,
        topic: 'counts',
        groupId: 'g',
        attempts: 1,
        durationMs: 0,
        sentAt: expect.objectContaining({ iso: '2026-01-02T03:04:05+00:00' }),
      },
    ]);
  });

  it('has no send time when its message has none', async () => {
    const signal = defineCount();
    const { receive } = start();
    const message = messageOf(signal, { count: 1 });
    await receive({ ...message, headers: message.headers.filter(([name]) => name !== 'ce_time') });
    expect(factsOf('event.handled')).toMatchObject([{ sentAt: null }]);
  });

  it('counts as handled when the signal is disabled, as in the reference', async () => {
    const signal = defineCount();
    signal.disable();
    const { receive, consumer } = start();
    await receive(messageOf(signal, { count: 1 }));
    expect(consumer.acknowledged).toEqual([['a', 1]]);
  });

  it('runs every receiver, also where the process dispatches loudly', async () => {
    configureEvents({ dispatch: 'loud' });
    const signal = defineCount();
    const ran: string[] = [];
    signal.connect(() => {
      ran.push('bad');
      throw new Error('broken');
    });
    signal.connect(() => ran.push('good'));
    const { receive, consumer } = start({ maxAttempts: 1 });
    await receive(messageOf(signal, { count: 1 }));
    expect(ran).toEqual(['bad', 'good']);
    expect(consumer.deadLetters).toHaveLength(1);
  });

  it("is counted as unverified when its message names no writer's schema", async () => {
    const signal = defineCount();
    const { receive } = start(
      {},
      { unframe: async ({ value }) => ({ record: value as Uint8Array, writer: null }) },
    );
    await receive(messageOf(signal, { count: 1 }));
    expect(factsOf('event.unverified')).toEqual([
      { type: 'event.unverified', eventType: signal.eventType, topic: 'counts', groupId: 'g' },
    ]);
  });
});

describe('a tombstone', () => {
  it('is an outcome of its own: skipped, acknowledged and counted', async () => {
    const signal = defineCount();
    const { receive, consumer } = start({ unknownType: 'stop', onFailure: 'stop' });
    await receive({ ...messageOf(signal, null), headers: [] });
    expect(consumer.acknowledged).toEqual([['a', 1]]);
    expect(factsOf('event.skipped')).toEqual([
      {
        type: 'event.skipped',
        system: 'kafka',
        eventType: '',
        topic: 'counts',
        groupId: 'g',
        reason: 'tombstone',
      },
    ]);
  });
});

describe('a delivery that the bus could not read', () => {
  const unread = (error: Error) =>
    deliveryOf({ topic: 'counts', key: null, value: null, headers: [] }, 1, { unreadable: error });
  const error = Object.assign(new Error('the batch is damaged'), { code: 'OWN_UNREADABLE' });

  it('is a dead letter without a value that points to its source, and what follows is handled', async () => {
    const signal = defineCount();
    const { receive, consumer } = start();
    consumer.push([unread(error), deliveryOf(messageOf(signal, { count: 1 }), 2)]);
    await receive();
    expect(consumer.acknowledged.flatMap(([, ...ordinals]) => ordinals)).toEqual([1, 2]);
    const [letter] = consumer.deadLetters;
    expect(letter?.value).toBeNull();
    expect(headersOf(letter)).toMatchObject({
      'dlq-code': 'OWN_UNREADABLE',
      'dlq-message': 'Error: the batch is damaged',
      'dlq-source': 'counts@0:1',
    });
  });

  it("ends the consumer with onFailure: 'stop'", async () => {
    const { consumer, running } = start({ onFailure: 'stop' });
    consumer.push([unread(error)]);
    await expect(running).rejects.toMatchObject({ cause: error });
    expect(consumer.acknowledged).toEqual([]);
  });
});

describe('an unknown event type', () => {
  const unknown = (eventType = 'org.openedx.learning.other.changed.v1') => messageOf({ eventType }, {});

  it('is logged for at most 1,000 types, however many others send', async () => {
    const { receive, consumer } = start();
    const types = Array.from(
      { length: 1_001 },
      (_, number) => `org.openedx.learning.other.changed.v${number}`,
    );
    await receive(...types.map(unknown));
    expect(consumer.acknowledged.flatMap(([, ...ordinals]) => ordinals)).toHaveLength(1_001);
    expect(logger.lines).toHaveLength(1_000);
  });

  it('is skipped by default, counted each time and warned of once a type', async () => {
    const { receive, consumer } = start();
    await receive(unknown(), unknown(), unknown('org.openedx.learning.third.changed.v1'));
    expect(consumer.acknowledged).toEqual([['a', 1, 2, 3]]);
    expect(factsOf('event.skipped')).toHaveLength(3);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'warn']);
  });

  it('can be dead-lettered', async () => {
    const { receive, consumer } = start({ unknownType: 'dead-letter', onFailure: 'drop' });
    await receive(unknown());
    expect(headersOf(consumer.deadLetters[0])).toMatchObject({
      'dlq-code': 'EVENTS_UNUSABLE_MESSAGE',
      'dlq-attempts': '1',
    });
    expect(consumer.acknowledged).toEqual([['a', 1]]);
  });

  it('can stop the consumer, and is left as it is then', async () => {
    const { receive, consumer, running } = start({ unknownType: 'stop' });
    await receive(unknown());
    await expect(running).rejects.toThrow(
      'no signal is loaded for event type org.openedx.learning.other.changed.v1',
    );
    expect(consumer.acknowledged).toEqual([]);
  });

  it('that is a megabyte long is neither kept nor logged whole', async () => {
    const { receive } = start();
    await receive(unknown('x'.repeat(1_000_000)));
    expect(JSON.stringify(logger.lines).length).toBeLessThan(1_000);
  });
});

describe('poison', () => {
  it.each<[string, (signal: ReturnType<typeof defineCount>) => Message, string]>([
    ['a record that is none', (signal) => messageOf(signal, '{'), 'EVENTS_DECODING_FAILED'],
    ['data that does not fit', (signal) => messageOf(signal, { count: 'x' }), 'EVENTS_DECODING_FAILED'],
    [
      'no headers',
      (signal) => ({ ...messageOf(signal, { count: 1 }), headers: [] }),
      'EVENTS_UNUSABLE_MESSAGE',
    ],
    [
      'a header twice',
      (signal) => messageOf(signal, { count: 1 }, [['ce_id', Buffer.from('x')]]),
      'EVENTS_UNUSABLE_MESSAGE',
    ],
  ])('is dead-lettered at once, as it came, and acknowledged after that: %s', async (_, make, code) => {
    const signal = defineCount();
    let runs = 0;
    signal.connect(() => {
      runs += 1;
    });
    const { receive, consumer } = start();
    const message = make(signal);
    await receive(message);
    expect(runs).toBe(0);
    expect(clock.pending).toEqual([]);
    const [letter] = consumer.deadLetters;
    expect(letter).toMatchObject({ topic: 'counts.g.dlq', key: message.key, value: message.value });
    expect(letter?.headers.slice(0, message.headers.length)).toEqual(message.headers);
    expect(headersOf(letter)).toMatchObject({
      'dlq-code': code,
      'dlq-attempts': '1',
      'dlq-source': 'counts@0:1',
      'dlq-group': 'g',
      'dlq-first-failure': '2026-01-02T03:04:05.000Z',
    });
    expect(consumer.acknowledged).toEqual([['a', 1]]);
    expect(factsOf('event.dead-lettered')).toEqual([
      {
        type: 'event.dead-lettered',
        system: 'kafka',
        eventType: message.headers.length === 0 ? '' : signal.eventType,
        topic: 'counts',
        groupId: 'g',
        code,
        durationMs: 0,
      },
    ]);
  });

  it('is dropped where the policy demands it, and counted', async () => {
    const signal = defineCount();
    const { receive, consumer } = start({ onFailure: 'drop' });
    await receive(messageOf(signal, '{'), messageOf(signal, { count: 1 }));
    expect([consumer.deadLetters, consumer.acknowledged]).toEqual([[], [['a', 1, 2]]]);
    expect(factsOf('event.dropped')).toMatchObject([{ code: 'EVENTS_DECODING_FAILED' }]);
    expect(logger.lines).toMatchObject([{ level: 'error' }]);
  });

  it('stops the consumer where the policy demands it', async () => {
    const signal = defineCount();
    const { receive, consumer, running } = start({ onFailure: 'stop' });
    await receive(messageOf(signal, '{'));
    await expect(running).rejects.toMatchObject({ cause: { code: 'EVENTS_DECODING_FAILED' } });
    expect(consumer.acknowledged).toEqual([]);
  });

  it('waits for its dead letter: nothing is acknowledged before that is written', async () => {
    const signal = defineCount();
    const { receive, consumer } = start();
    consumer.failures.deadLetter = new InfrastructureError('the broker is unreachable');
    await receive(messageOf(signal, '{'), messageOf(signal, { count: 1 }));
    expect([consumer.acknowledged, consumer.paused]).toEqual([[], ['a']]);
    consumer.failures = {};
    await clock.advance(100);
    expect(consumer.acknowledged).toEqual([['a', 1, 2]]);
    expect([consumer.deadLetters.length, consumer.paused]).toEqual([1, []]);
  });

  it('whose dead letter is refused for good stops the consumer', async () => {
    const signal = defineCount();
    const { receive, consumer, running } = start();
    consumer.failures.deadLetter = new Error('not allowed');
    await receive(messageOf(signal, '{'));
    await expect(running).rejects.toThrow('not allowed');
    expect(consumer.acknowledged).toEqual([]);
  });
});

describe('a schema that cannot be fetched right now', () => {
  it('holds the lane until it can be, and costs no attempt', async () => {
    const signal = defineCount();
    let tries = 0;
    const { receive, consumer } = start(
      {},
      {
        unframe: async ({ value }) => {
          tries += 1;
          if (tries < 3) throw new InfrastructureError('the registry is unreachable');
          return { record: value as Uint8Array, writer: null };
        },
      },
    );
    await receive(messageOf(signal, { count: 1 }));
    expect(consumer.health().reasons).toEqual(['a waits: the registry is unreachable']);
    expect(factsOf('consumer.paused')).toMatchObject([{ eventType: signal.eventType }]);
    await clock.advance(100 + 200);
    expect(consumer.acknowledged).toEqual([['a', 1]]);
    expect(factsOf('event.handled')).toMatchObject([{ attempts: 1 }]);
    expect(factsOf('consumer.resumed')).toHaveLength(1);
  });

  it('lets go of the lane when the message turns out to be poison', async () => {
    const signal = defineCount();
    let tries = 0;
    const { receive, consumer } = start(
      { onFailure: 'drop', ackEvery: 100 },
      {
        unframe: ({ value }) => {
          tries += 1;
          if (tries === 1) throw new InfrastructureError('the registry is unreachable');
          return { record: value as Uint8Array, writer: null };
        },
      },
    );
    const held = deferred();
    signal.connect(() => held.promise);
    await receive(messageOf(signal, '{'), messageOf(signal, { count: 1 }));
    await clock.advance(100);
    expect([consumer.paused, consumer.health().ready]).toEqual([[], true]);
    held.resolve();
  });
});

describe('a receiver that fails', () => {
  it('is tried again with growing waits, alone, and dead-lettered with its own error in the end', async () => {
    const signal = defineCount();
    const ran: string[] = [];
    const attempts: (number | undefined)[] = [];
    signal.connect(() => ran.push('good'), { name: 'good' });
    signal.connect(
      ({ delivery }) => {
        ran.push('bad');
        attempts.push(delivery?.attempt);
        throw Object.assign(new Error('no such user'), { code: 'NO_USER' });
      },
      { name: 'bad' },
    );
    const { receive, consumer } = start({ maxAttempts: 3 });
    await receive(messageOf(signal, { count: 1 }));
    expect(clock.pending).toEqual([100]);
    await clock.advance(100);
    expect(clock.pending).toEqual([200]);
    await clock.advance(200);
    expect(ran).toEqual(['good', 'bad', 'bad', 'bad']);
    expect(attempts).toEqual([1, 2, 3]);
    expect(headersOf(consumer.deadLetters[0])).toMatchObject({
      'dlq-code': 'NO_USER',
      'dlq-message': 'Error: no such user',
      'dlq-attempts': '3',
      'dlq-first-failure': '2026-01-02T03:04:05.000Z',
      'dlq-last-failure': '2026-01-02T03:04:05.300Z',
    });
    expect(consumer.acknowledged).toEqual([['a', 1]]);
    expect(factsOf('event.retried')).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
  });

  it('is done with once it succeeds', async () => {
    const signal = defineCount();
    let tries = 0;
    signal.connect(() => {
      tries += 1;
      if (tries < 2) throw new Error('broken');
    });
    const { receive, consumer } = start();
    await receive(messageOf(signal, { count: 1 }));
    await clock.advance(100);
    expect([consumer.deadLetters, consumer.acknowledged]).toEqual([[], [['a', 1]]]);
    expect(factsOf('event.handled')).toMatchObject([{ attempts: 2 }]);
  });

  it('is summed up with the others that failed', async () => {
    const signal = defineCount();
    for (const name of ['a', 'b']) {
      signal.connect(() => Promise.reject(new Error(`${name} is broken`)), { name });
    }
    const { receive, consumer } = start({ maxAttempts: 1 });
    await receive(messageOf(signal, { count: 1 }));
    expect(headersOf(consumer.deadLetters[0])).toMatchObject({
      'dlq-code': 'EVENTS_RECEIVERS_FAILED',
      'dlq-message': expect.stringContaining('a (a is broken), b (b is broken)'),
    });
  });

  it('is dropped or stops the consumer where the policy demands it', async () => {
    const signal = defineCount();
    signal.connect(() => {
      throw new Error('broken');
    });
    const dropping = start({ maxAttempts: 1, onFailure: 'drop' });
    await dropping.receive(messageOf(signal, { count: 1 }));
    expect(dropping.consumer.acknowledged).toEqual([['a', 1]]);
    await dropping.consumer.close();

    const stopping = start({ maxAttempts: 1, onFailure: 'stop' });
    await stopping.receive(messageOf(signal, { count: 1 }));
    await expect(stopping.running).rejects.toMatchObject({ cause: { code: 'EVENTS_RECEIVERS_FAILED' } });
    expect(stopping.consumer.acknowledged).toEqual([]);
  });

  it('holds up the events behind it, for the sake of their order', async () => {
    const signal = defineCount();
    const got: number[] = [];
    signal.connect(({ data }: { readonly data: ReceivedData<typeof signal> }) => {
      got.push(data.count);
      if (got.length === 1) throw new Error('broken');
    });
    const { receive } = start();
    await receive(messageOf(signal, { count: 1 }), messageOf(signal, { count: 2 }));
    await clock.advance(100);
    expect(got).toEqual([1, 1, 2]);
  });

  it('has failed only when its receipt has', async () => {
    const signal = defineCount();
    const receipt = deferred();
    signal.connect(() => pendingReceipt(receipt.promise));
    const { receive, consumer } = start({ maxAttempts: 1 });
    await receive(messageOf(signal, { count: 1 }));
    expect(consumer.acknowledged).toEqual([]);
    receipt.reject(new Error('refused'));
    await settle();
    expect(consumer.deadLetters).toHaveLength(1);
  });
});

describe('a receiver that needs something which is down', () => {
  it('is tried on without limit, costs no attempt, and the others are not run again', async () => {
    const signal = defineCount();
    const ran: string[] = [];
    let isDown = true;
    signal.connect(() => ran.push('good'), { name: 'good' });
    signal.connect(
      () => {
        ran.push('database');
        if (isDown) throw new InfrastructureError('the database is unreachable');
      },
      { name: 'database' },
    );
    const { receive, consumer } = start({ maxAttempts: 1, maxBackoffMs: 100 });
    await receive(messageOf(signal, { count: 1 }));
    await clock.advance(2_000);
    expect(ran.filter((name) => name === 'database')).toHaveLength(21);
    expect(consumer.health()).toEqual({
      live: true,
      ready: false,
      reasons: ['a waits: the database is unreachable'],
    });
    isDown = false;
    await clock.advance(100);
    expect(ran.filter((name) => name === 'good')).toHaveLength(1);
    expect([consumer.acknowledged, consumer.deadLetters]).toEqual([[['a', 1]], []]);
    expect(factsOf('event.handled')).toMatchObject([{ attempts: 1 }]);
  });

  it('does not hide another that failed: that one is tried again by itself', async () => {
    const signal = defineCount();
    const ran: string[] = [];
    let tries = 0;
    signal.connect(
      () => {
        ran.push('bad');
        throw new Error('broken');
      },
      { name: 'bad' },
    );
    signal.connect(
      () => {
        ran.push('database');
        tries += 1;
        if (tries < 3) throw new InfrastructureError('the database is unreachable');
      },
      { name: 'database' },
    );
    const { receive, consumer } = start({ maxAttempts: 2, initialBackoffMs: 100, maxBackoffMs: 100 });
    await receive(messageOf(signal, { count: 1 }));
    await clock.advance(300);
    expect(ran).toEqual(['bad', 'database', 'database', 'database', 'bad']);
    expect(headersOf(consumer.deadLetters[0])).toMatchObject({
      'dlq-attempts': '2',
      'dlq-message': 'Error: broken',
    });
  });

  it('is left, unacknowledged, when the consumer stops', async () => {
    const signal = defineCount();
    signal.connect(() => {
      throw new InfrastructureError('the database is unreachable');
    });
    const { receive, consumer, running } = start();
    await receive(messageOf(signal, { count: 1 }));
    consumer.stop();
    await running;
    expect([consumer.acknowledged, consumer.deadLetters]).toEqual([[], []]);
  });
});
