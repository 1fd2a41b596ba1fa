import { describe, expect, it } from 'vitest';
import { InfrastructureError, RetryEventError } from '../errors/receiver-errors.js';
import { deferred } from '../runtime/deferred.js';
import { settle } from '../runtime/manual-clock.test-support.js';
import { pendingReceipt } from '../signals/pending-receipt.js';
import { plainWireFormat } from '../wire/json-codec.test-support.js';
import { ConsumerBench } from './consumer-bench.test-support.js';
import type { FakeEventBusConsumer } from './fake-event-bus-consumer.test-support.js';

const bench = new ConsumerBench();
const COUNT_CHANGED = 'org.openedx.learning.count.changed.v1';
const limits = { receiverTimeoutMs: 20_000, stallTimeoutMs: 30_000 };

/** Moves time. Every five seconds the bus measures that events of lane `a` are unread. */
async function advanceUnread(consumer: FakeEventBusConsumer, durationMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < durationMs; passedMs += 5_000) {
    consumer.unread('a', true);
    await bench.clock.advance(5_000);
  }
}

interface Stopped {
  readonly consumer: FakeEventBusConsumer;
  /** Lets it go on. */
  readonly release: () => void;
}

/** Ways to stop the progress of a consumer, each in another layer, with one event that waits. */
const layers: Readonly<Record<string, () => Promise<Stopped>>> = {
  decode: async () => {
    const gate = deferred();
    const unframe = async (message: Parameters<typeof plainWireFormat.unframe>[0]) => {
      await gate.promise;
      return plainWireFormat.unframe(message);
    };
    const { consumer } = bench.start(limits, { wireFormat: { ...plainWireFormat, unframe } });
    consumer.push([bench.event(1)]);
    return { consumer, release: gate.resolve };
  },
  receiver: async () => {
    const gate = deferred();
    bench.signal.connect(() => pendingReceipt(gate.promise), { name: 'charge' });
    const { consumer } = await bench.consume(limits, 1);
    return { consumer, release: gate.resolve };
  },
  'dead-letter': async () => {
    const gate = deferred();
    bench.signal.connect(() => {
      throw new Error('refused');
    });
    const { consumer } = bench.start({ ...limits, maxAttempts: 1 });
    consumer.holds.deadLetter = gate.promise;
    consumer.push([bench.event(1)]);
    return { consumer, release: gate.resolve };
  },
  acknowledgement: async () => {
    const gate = deferred();
    const { consumer } = bench.start(limits);
    consumer.holds.acknowledge = gate.promise;
    consumer.push([bench.event(1)]);
    return { consumer, release: gate.resolve };
  },
};

const texts: Readonly<Record<string, RegExp>> = {
  decode: /^a: no progress for 3\d s while events wait: the event at 0:1 is still being decoded\./,
  receiver:
    /^a: no progress for 3\d s while events wait: receiver charge has not finished the event at 0:1\./,
  'dead-letter': /the dead letter of the event at 0:1 is neither accepted nor refused/,
  acknowledgement: /^a: no progress for 3\d s while events wait: an acknowledgement is not answered/,
};

describe('a consumer whose progress stops', () => {
  it.for(Object.keys(layers))('is not ready and gives the reason, until it goes on: %s', async (stage) => {
    const { consumer, release } = await (layers[stage] as () => Promise<Stopped>)();
    await bench.clock.advance(29_000);
    expect(consumer.health()).toEqual({ live: true, ready: true, reasons: [] });
    await bench.clock.advance(4_000);
    expect(consumer.health()).toMatchObject({
      live: true,
      ready: false,
      reasons: [expect.stringMatching(texts[stage] as RegExp)],
    });
    const receiver = stage === 'receiver' ? 'charge' : null;
    const eventType = stage === 'acknowledgement' ? null : bench.signal.eventType;
    const facts = [{ type: 'consumer.stalled', lane: 'a', groupId: 'g', stage, receiver, eventType }];
    expect(bench.factsOf('consumer.stalled')).toEqual(facts);
    await bench.clock.advance(300_000);
    expect(bench.factsOf('consumer.stalled')).toEqual(facts);
    const logged = () => bench.logger.lines.filter(({ message }) => /^a lane makes/.test(message));
    expect(logged()).toMatchObject([{ level: 'warn', message: expect.stringMatching(/no progress/) }]);
    release();
    await settle();
    expect(consumer.health().ready).toBe(true);
    expect(logged().slice(1)).toMatchObject([{ level: 'warn', message: 'a lane makes progress again' }]);
  });

  it('is not ready when the broker has events and returns none, until one arrives', async () => {
    const { consumer } = bench.start(limits);
    await settle();
    await advanceUnread(consumer, 30_000);
    expect(consumer.health().ready).toBe(true);
    await advanceUnread(consumer, 10_000);
    expect(consumer.health()).toMatchObject({
      ready: false,
      reasons: [
        expect.stringMatching(
          /^a: no progress for 35 s while events wait: the broker has events that reading does not return/,
        ),
      ],
    });
    expect(bench.factsOf('consumer.stalled')).toMatchObject([{ stage: 'read', receiver: null }]);
    consumer.push([bench.event(1)]);
    await settle();
    expect(consumer.health().ready).toBe(true);
  });

  it('is ready again when another member has read the events', async () => {
    const { consumer } = bench.start(limits);
    await settle();
    await advanceUnread(consumer, 40_000);
    expect(consumer.health().ready).toBe(false);
    consumer.unread('a', false);
    expect(consumer.health().ready).toBe(true);
  });

  it('reports one lane, and the others go on', async () => {
    const gate = deferred();
    bench.signal.connect(({ data }) => (data.count === 1 ? pendingReceipt(gate.promise) : undefined));
    const { consumer } = await bench.consume(limits, 1);
    await bench.clock.advance(40_000);
    consumer.push([bench.event(2, 'k', { lane: 'b' })]);
    await settle();
    expect(consumer.health().reasons).toEqual([expect.stringMatching(/^a: no progress/)]);
    expect(consumer.acknowledged).toEqual([['b', 2]]);
    gate.resolve();
  });

  it('reports an event that stands still beside others that are handled', async () => {
    const gate = deferred();
    bench.signal.connect(({ data }) => (data.count === 1 ? pendingReceipt(gate.promise) : undefined));
    const { consumer } = await bench.consume({ ...limits, concurrency: 5 }, 1);
    for (let count = 2; count < 50; count += 1) {
      consumer.push([bench.event(count)]);
      await bench.clock.advance(1_000);
    }
    expect(consumer.health().reasons).toEqual([expect.stringMatching(/the event at 0:1/)]);
    gate.resolve();
  });

  it('forgets a lane that is assigned to another member', async () => {
    const gate = deferred();
    bench.signal.connect(() => pendingReceipt(gate.promise));
    const { consumer } = await bench.consume({ ...limits, drainTimeoutMs: 1_000 }, 1);
    await bench.clock.advance(40_000);
    expect(consumer.health().ready).toBe(false);
    const drained = consumer.drain('a');
    await bench.clock.advance(1_000);
    await drained;
    expect(consumer.health().ready).toBe(true);
    gate.resolve();
  });
});

describe('a consumer that waits as it should', () => {
  it.for<[string, Parameters<typeof bench.consume>[0]]>([
    ['without a time limit', { receiverTimeoutMs: Infinity, stallTimeoutMs: 30_000 }],
    [
      'within the limit of its event type',
      { ...limits, policies: { [COUNT_CHANGED]: { receiverTimeoutMs: 900_000 } } },
    ],
  ])('is ready while a receiver runs %s', async ([, options]) => {
    const gate = deferred();
    bench.signal.connect(() => gate.promise);
    const { consumer } = await bench.consume(options, 1);
    await bench.clock.advance(800_000);
    expect(consumer.health().ready).toBe(true);
    gate.resolve();
  });

  it('is ready while receivers that hang use up their attempts', async () => {
    bench.signal.connect(() => new Promise(() => {}));
    const { consumer } = await bench.consume({ ...limits, maxAttempts: 5 }, 1);
    for (let passed = 0; passed < 100; passed += 1) {
      await bench.clock.advance(1_000);
      expect(consumer.health().reasons).toEqual([]);
    }
  });

  it('is ready while an event backs off by its policy', async () => {
    bench.signal.connect(() => {
      throw new RetryEventError('too many requests', { retryAfterMs: 3_600_000 });
    });
    const { consumer } = await bench.consume(limits, 1);
    await bench.clock.advance(3_000_000);
    expect(consumer.health().ready).toBe(true);
  });

  it('gives the reason of what is unreachable, and no other', async () => {
    const gate = deferred();
    let isDown = true;
    bench.signal.connect(async () => {
      if (isDown) throw new InfrastructureError('the database is down');
      await gate.promise;
    });
    const { consumer } = await bench.consume(limits, 1);
    consumer.unread('b', false);
    await bench.clock.advance(100_000);
    expect(consumer.health().reasons).toEqual(['a waits: the database is down']);
    expect(bench.factsOf('consumer.stalled')).toEqual([]);
    isDown = false;
    await bench.clock.advance(10_000);
    gate.resolve();
    await settle();
    expect(consumer.health().reasons).toEqual([]);
  });

  it('is ready while it asks for nothing, because it has as many events as it may', async () => {
    const gate = deferred();
    bench.signal.connect(() => gate.promise);
    const options = {
      ...limits,
      maxBufferedEvents: 1,
      policies: { [COUNT_CHANGED]: { receiverTimeoutMs: 900_000 } },
    };
    const { consumer } = bench.start(options);
    consumer.push([1, 2].map((count) => bench.event(count, 'k', { lane: 'b' })));
    await settle();
    await advanceUnread(consumer, 100_000);
    expect(consumer.health().reasons).toEqual([]);
    gate.resolve();
  });

  it('is ready on an empty topic, and has no timer', async () => {
    const { consumer } = await bench.consume(limits, 1);
    await bench.clock.advance(2_000);
    expect(bench.clock.pending).toEqual([]);
    consumer.unread('a', false);
    expect(bench.clock.pending).toEqual([]);
    await bench.clock.advance(100_000);
    expect(consumer.health().ready).toBe(true);
  });

  it('is ready after its process was frozen', async () => {
    const gate = deferred();
    bench.signal.connect(() => pendingReceipt(gate.promise));
    const { consumer } = await bench.consume(limits, 1);
    await bench.clock.advance(5_000);
    bench.clock.freeze(3_600_000);
    expect(consumer.health().ready).toBe(true);
    await bench.clock.advance(10_000);
    expect(consumer.health().ready).toBe(true);
    await bench.clock.advance(20_000);
    expect(consumer.health().ready).toBe(false);
    gate.resolve();
  });

  it('reports only that it stops while it is stopped, and leaves no timer', async () => {
    const gate = deferred();
    bench.signal.connect(() => pendingReceipt(gate.promise));
    const { consumer, running } = await bench.consume({ ...limits, drainTimeoutMs: 1_000 }, 1);
    await bench.clock.advance(40_000);
    consumer.stop();
    await settle();
    expect(consumer.health().reasons).toEqual(['the consumer is stopping']);
    await bench.clock.advance(1_000);
    await running;
    expect(bench.clock.pending).toEqual([]);
    gate.resolve();
  });

  it('is not watched with stallTimeoutMs Infinity', async () => {
    const gate = deferred();
    bench.signal.connect(() => pendingReceipt(gate.promise));
    const { consumer } = await bench.consume({ stallTimeoutMs: Infinity }, 1);
    expect(bench.clock.pending).toEqual([]);
    await bench.clock.advance(10_000_000);
    expect(consumer.health().ready).toBe(true);
    gate.resolve();
  });
});
