import v8 from 'node:v8';
import vm from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BufferFullError, IllegalStateError, ProduceFailedError } from '../errors/bus-errors.js';
import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { InvalidDataError, InvalidMetadataError } from '../errors/data-errors.js';
import { InfrastructureError } from '../errors/receiver-errors.js';
import { LocalOnlyError } from '../errors/signal-errors.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { route } from '../routes/route.js';
import { deferred } from '../runtime/deferred.js';
import { ManualClock, settle } from '../runtime/manual-clock.test-support.js';
import { recordingLogger, recordingTelemetry } from '../runtime/recording.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import { defineCount } from '../signals/count-changed.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import type { BoundCodec } from '../wire/codec.js';
import { boundJsonCodec, plainWireFormat } from '../wire/json-codec.test-support.js';
import type { Message } from '../wire/message.js';
import { connectRoutes } from './connect-routes.js';
import { acceptAll, FakeEventBusProducer } from './fake-event-bus-producer.test-support.js';

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

type CountSignal = ReturnType<typeof defineCount>;

const event = (signal: CountSignal, count: number, topic = 'counts') => ({
  signal,
  topic,
  eventKeyField: 'count' as const,
  data: { count },
  metadata: createMetadata({ eventType: signal.eventType }),
});
const recordOf = (count: number) => JSON.stringify({ count });
const away = () => new InfrastructureError('the broker is unreachable');

describe('send', () => {
  it('resolves with the position once the broker has the event', async () => {
    const producer = new FakeEventBusProducer({ options: { topicPrefix: 'dev' } });
    const outgoing = event(defineCount(), 5);
    const sent = producer.send(outgoing);
    await settle();
    expect(producer.calls).toMatchObject([
      { messages: [{ topic: 'dev-counts', key: Buffer.from('5') }], values: [recordOf(5)] },
    ]);
    producer.calls[0]?.resolve([{ position: '3:17' }]);
    expect(await sent).toEqual({ eventId: outgoing.metadata.id, topic: 'dev-counts', position: '3:17' });
    expect(telemetry.facts).toMatchObject([{ type: 'event.published', topic: 'dev-counts', durationMs: 0 }]);
  });

  it('publishes what was sent in one turn together, and what comes during a request with the next', async () => {
    const producer = new FakeEventBusProducer();
    const signal = defineCount();
    const sent = [1, 2].map((count) => producer.send(event(signal, count)));
    await settle();
    sent.push(...[3, 4].map((count) => producer.send(event(signal, count))));
    await settle();
    sent.push(producer.send(event(signal, 5)));
    await settle();
    expect(producer.calls.map(({ values }) => values)).toEqual([[1, 2].map(recordOf)]);
    producer.calls[0]?.resolve([{ position: 'a' }, { position: 'b' }]);
    await settle();
    expect(producer.calls.map(({ values }) => values)).toEqual([
      [1, 2].map(recordOf),
      [3, 4, 5].map(recordOf),
    ]);
    producer.calls[1]?.resolve([{ position: 'c' }, { position: 'd' }, { position: 'e' }]);
    expect((await Promise.all(sent)).map(({ position }) => position)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('fills no request beyond maxBatchSize', async () => {
    const producer = new FakeEventBusProducer({ answer: acceptAll, options: { maxBatchSize: 2 } });
    const signal = defineCount();
    await Promise.all([1, 2, 3, 4, 5].map((count) => producer.send(event(signal, count))));
    expect(producer.calls.map(({ values }) => values)).toEqual(
      [[1, 2], [3, 4], [5]].map((part) => part.map(recordOf)),
    );
  });

  it('lets topics not wait for each other', async () => {
    const producer = new FakeEventBusProducer();
    const signal = defineCount();
    void producer.send(event(signal, 1, 'slow'));
    await settle();
    const quick = producer.send(event(signal, 2, 'quick'));
    await settle();
    producer.calls[1]?.resolve([{ position: 'x' }]);
    expect(await quick).toMatchObject({ topic: 'quick' });
    producer.calls[0]?.resolve([{ position: 'y' }]);
  });

  it('rejects data that does not fit, metadata of another event and an unusable key', async () => {
    const producer = new FakeEventBusProducer({ answer: acceptAll });
    const good = event(defineCount(), 1);
    const other = createMetadata({ eventType: 'org.openedx.learning.badge.awarded.v1' });
    await expect(producer.send({ ...good, data: { count: 'x' } as never })).rejects.toThrow(InvalidDataError);
    await expect(producer.send({ ...good, metadata: other })).rejects.toThrow(InvalidMetadataError);
    await expect(producer.send({ ...good, eventKeyField: 'cuont' as never })).rejects.toThrow(
      ProducerConfigurationError,
    );
    expect(producer.calls).toEqual([]);
    await producer.send(good);
  });

  it('rejects an event for a dead-letter topic', async () => {
    const producer = new FakeEventBusProducer();
    const sent = producer.send(event(defineCount(), 1, 'counts.mail.dlq'));
    await expect(sent).rejects.toThrow(ProducerConfigurationError);
    await expect(sent).rejects.toThrow(/→ counts\.mail\.dlq: .* dead-letter topic/);
    expect(producer.health().ready).toBe(true);
  });

  it('rejects an event that may not leave its process', async () => {
    const producer = new FakeEventBusProducer({ answer: acceptAll });
    const outgoing = event(defineCount({ localOnly: 'it is a secret' }), 1);
    await expect(producer.send(outgoing)).rejects.toThrow(LocalOnlyError);
    expect(() => producer.offer(outgoing)).toThrow(LocalOnlyError);
  });
});

describe('a broker that does not accept', () => {
  it('is offered the events again, in order, with growing waits, until it does', async () => {
    const producer = new FakeEventBusProducer({
      answer: (call, index) => {
        if (index < 3) throw away();
        return acceptAll(call);
      },
    });
    const signal = defineCount();
    const sent = Promise.all([1, 2].map((count) => producer.send(event(signal, count))));
    await settle();
    expect(clock.pending).toEqual([50]);
    expect(producer.health()).toEqual({
      live: true,
      ready: false,
      reasons: ['topic counts: the broker is unreachable'],
    });
    const late = producer.send(event(signal, 3));
    await clock.advance(50 + 100 + 200);
    await Promise.all([sent, late]);
    expect(producer.calls.map(({ values }) => values)).toEqual([
      [1, 2].map(recordOf),
      ...Array.from({ length: 3 }, () => [1, 2, 3].map(recordOf)),
    ]);
    expect(producer.health()).toEqual({ live: true, ready: true, reasons: [] });
    expect(logger.lines.map(({ message }) => message)).toEqual([
      'the broker does not accept events; they are sent again until deliveryTimeoutMs is over',
      'the broker accepts events again',
    ]);
  });

  it('is offered what failed before what came during that request', async () => {
    const producer = new FakeEventBusProducer();
    const signal = defineCount();
    void producer.send(event(signal, 1));
    await settle();
    void producer.send(event(signal, 2));
    producer.calls[0]?.reject(away());
    await clock.advance(50);
    expect(producer.calls[1]?.values).toEqual([1, 2].map(recordOf));
    producer.calls[1]?.resolve([{ position: 'a' }, { position: 'b' }]);
  });

  it('is abandoned after deliveryTimeoutMs; the rejection reports why, and readiness does not stay lost', async () => {
    const cause = away();
    const producer = new FakeEventBusProducer({
      answer: ({ messages }) => messages.map(() => ({ error: cause })),
      options: { deliveryTimeoutMs: 1_000 },
    });
    const sent = producer.send(event(defineCount(), 1));
    sent.catch(() => {});
    await clock.advance(10_000);
    await expect(sent).rejects.toThrow(ProduceFailedError);
    await expect(sent).rejects.toMatchObject({ topic: 'counts', retryable: true, cause });
    expect(clock.pending).toEqual([]);
    expect(telemetry.facts).toMatchObject([{ type: 'event.publish-failed', topic: 'counts' }]);
    expect(producer.health().ready).toBe(true);
  });

  it('is asked once only about an event that it refuses for good', async () => {
    const refused = new ProduceFailedError('counts', 'too large', { retryable: false });
    const producer = new FakeEventBusProducer({ answer: () => [{ error: refused }] });
    await expect(producer.send(event(defineCount(), 1))).rejects.toBe(refused);
    expect(producer.calls).toHaveLength(1);
    expect(producer.health().ready).toBe(true);
  });

  it('rejects with the one kind of error whatever the bus throws, which is the cause', async () => {
    const cause = new Error('no such user');
    const producer = new FakeEventBusProducer({ answer: () => [{ error: cause }] });
    const sent = producer.send(event(defineCount(), 1));
    await expect(sent).rejects.toBeInstanceOf(ProduceFailedError);
    await expect(sent).rejects.toMatchObject({ topic: 'counts', retryable: false, cause });
  });

  it('settles each event of a request on its own', async () => {
    const refused = new Error('too large');
    const producer = new FakeEventBusProducer({
      answer: (call, index) =>
        index === 0
          ? [{ position: 'a' }, { error: refused }, { error: away() }, { position: 'd' }]
          : acceptAll(call),
    });
    const signal = defineCount();
    const sent = Promise.allSettled([1, 2, 3, 4].map((count) => producer.send(event(signal, count))));
    await clock.advance(50);
    expect((await sent).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(producer.calls.map(({ values }) => values)).toEqual([[1, 2, 3, 4].map(recordOf), [recordOf(3)]]);
  });

  it('is not trusted when it leaves an event out of its answer', async () => {
    const producer = new FakeEventBusProducer({
      answer: (_, index) => (index === 0 ? [{ position: 'a' }] : []),
    });
    const signal = defineCount();
    const [first, second] = await Promise.allSettled(
      [1, 2].map((count) => producer.send(event(signal, count))),
    );
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { code: 'EVENTS_PRODUCE_FAILED', retryable: false },
    });
    await expect(producer.send(event(signal, 3))).rejects.toThrow('returned no outcome');
  });
});

describe('framing', () => {
  it('may ask a registry, and is tried again while that is unreachable', async () => {
    let tries = 0;
    const producer = new FakeEventBusProducer({
      answer: acceptAll,
      wireFormat: {
        ...plainWireFormat,
        frame: async (encoded, topic) => {
          tries += 1;
          if (tries < 3) throw new InfrastructureError('the registry is unreachable');
          return plainWireFormat.frame(encoded, topic);
        },
      },
    });
    const sent = producer.send(event(defineCount(), 1));
    await settle();
    expect(producer.health().reasons).toEqual(['topic counts: the registry is unreachable']);
    await clock.advance(150);
    expect(await sent).toMatchObject({ position: '0:0' });
    expect(producer.calls).toHaveLength(1);
  });

  it('fails its own event only', async () => {
    const broken = new Error('no frame');
    const producer = new FakeEventBusProducer({
      answer: acceptAll,
      wireFormat: {
        ...plainWireFormat,
        frame: (encoded, topic) => {
          if (Buffer.from(encoded.record).toString() === recordOf(2)) throw broken;
          return plainWireFormat.frame(encoded, topic);
        },
      },
    });
    const signal = defineCount();
    const results = await Promise.allSettled([1, 2, 3].map((count) => producer.send(event(signal, count))));
    expect(results).toMatchObject([
      { value: { position: '0:0' } },
      { reason: { code: 'EVENTS_PRODUCE_FAILED', retryable: false, fault: 'event', cause: broken } },
      { value: { position: '0:1' } },
    ]);
    expect(producer.calls.map(({ values }) => values)).toEqual([[1, 3].map(recordOf)]);
  });
});

describe('the buffer', () => {
  it('accepts no more than maxBufferedEvents, over all topics, and has room again afterwards', async () => {
    const producer = new FakeEventBusProducer({ options: { maxBufferedEvents: 2 } });
    const signal = defineCount();
    const sent = [producer.send(event(signal, 1, 'a')), producer.send(event(signal, 2, 'b'))];
    expect(() => producer.offer(event(signal, 3))).toThrow(BufferFullError);
    await expect(producer.send(event(signal, 3))).rejects.toMatchObject({ topic: 'counts', retryable: true });
    await settle();
    for (const call of producer.calls) call.resolve([{ position: 'x' }]);
    await Promise.all(sent);
    producer.offer(event(signal, 4)).catch(() => {});
    await settle();
    producer.calls[2]?.resolve([{ error: new Error('x') }]);
    await settle();
    void producer.offer(event(signal, 5)).catch(() => {});
    void producer.offer(event(signal, 6)).catch(() => {});
    expect(() => producer.offer(event(signal, 7))).toThrow(BufferFullError);
  });
});

describe('the bytes of the buffer', () => {
  const options = { maxBufferedBytes: 2 * (recordOf(10).length + '10'.length) };

  it('are at most maxBufferedBytes, over all topics, and are freed by what was accepted or refused', async () => {
    const producer = new FakeEventBusProducer({ options });
    const signal = defineCount();
    const sent = [10, 20].map((count) => producer.send(event(signal, count, `topic-${count}`)));
    await expect(producer.send(event(signal, 30))).rejects.toMatchObject({
      code: 'EVENTS_BUFFER_FULL',
      message: expect.stringContaining('raise maxBufferedBytes'),
      retryable: true,
    });
    await settle();
    producer.calls[0]?.resolve([{ position: 'x' }]);
    producer.calls[1]?.resolve([{ error: new Error('refused') }]);
    await Promise.allSettled(sent);
    const later = [30, 40].map((count) => producer.offer(event(signal, count)));
    expect(() => producer.offer(event(signal, 50))).toThrow(BufferFullError);
    await settle();
    producer.calls[2]?.resolve([{ position: '0:0' }, { position: '0:1' }]);
    await Promise.all(later);
  });

  it('do not keep back an event that is larger by itself, and count messages that are published as they are', async () => {
    const producer = new FakeEventBusProducer({ answer: acceptAll, options: { maxBufferedBytes: 100 } });
    const message = (bytes: number): Message => ({
      ...{ topic: 't', key: null, headers: [['name', new Uint8Array(6)]] },
      value: new Uint8Array(bytes),
    });
    const results = await producer.publishMessages([message(1_000), message(1)]);
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { reason: { code: 'EVENTS_BUFFER_FULL', topic: 't' } },
    ]);
    const small = await producer.publishMessages([message(40), message(40), message(1)]);
    expect(small.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });
});

describe('a codec that has to ask first', () => {
  const slowCodec = () => {
    const bound = deferred<BoundCodec>();
    return { bound, codec: { bind: vi.fn(() => bound.promise) } };
  };

  it('is bound once, and the order of sends is kept when it is ready', async () => {
    const { bound, codec } = slowCodec();
    const producer = new FakeEventBusProducer({ codec, answer: acceptAll });
    const signal = defineCount();
    const sent = [1, 2].map((count) => producer.offer(event(signal, count)));
    bound.resolve(boundJsonCodec(signal as never));
    // Sends from microtasks around the moment of binding are where a later event could overtake.
    for (let count = 3; count < 13; count += 1) {
      await Promise.resolve();
      sent.push(producer.offer(event(signal, count)));
    }
    await Promise.all(sent);
    expect(producer.calls.flatMap(({ values }) => values)).toEqual(
      Array.from({ length: 12 }, (_, index) => recordOf(index + 1)),
    );
    expect(codec.bind).toHaveBeenCalledOnce();
  });

  it('fails the sends that waited, and is asked again by the next', async () => {
    const { bound, codec } = slowCodec();
    const producer = new FakeEventBusProducer({
      codec,
      answer: acceptAll,
      options: { maxBufferedEvents: 1 },
    });
    const signal = defineCount();
    const sent = producer.send(event(signal, 1));
    await expect(producer.send(event(signal, 2))).rejects.toThrow(BufferFullError);
    bound.reject(away());
    await expect(sent).rejects.toThrow('the broker is unreachable');
    codec.bind.mockImplementation(async () => boundJsonCodec(signal as never));
    await producer.send(event(signal, 3));
    expect(codec.bind).toHaveBeenCalledTimes(2);
  });

  it('leaves nothing of events behind that it refuses', async () => {
    v8.setFlagsFromString('--expose-gc');
    const gc = vm.runInNewContext('gc') as () => void;
    const codec = { bind: () => Promise.reject(away()) };
    const producer = new FakeEventBusProducer({ codec, answer: acceptAll });
    const signal = defineCount();
    const offered: WeakRef<object>[] = [];
    for (let count = 0; count < 20; count += 1) {
      const sent = event(signal, count);
      offered.push(new WeakRef(sent.metadata));
      await producer.offer(sent).catch(() => {});
    }
    await new Promise(setImmediate);
    gc();
    expect(offered.slice(0, 15).filter((metadata) => metadata.deref() !== undefined)).toEqual([]);
    await producer.close();
  });

  it('is waited for by close', async () => {
    const { bound, codec } = slowCodec();
    const producer = new FakeEventBusProducer({ codec, answer: acceptAll });
    const signal = defineCount();
    const sent = producer.send(event(signal, 1));
    const closed = producer.close();
    await settle();
    bound.resolve(boundJsonCodec(signal as never));
    expect(await sent).toMatchObject({ position: '0:0' });
    await closed;
  });

  it('is not waited for beyond closeTimeoutMs', async () => {
    const { bound, codec } = slowCodec();
    const producer = new FakeEventBusProducer({ codec, answer: acceptAll, options: { closeTimeoutMs: 500 } });
    const signal = defineCount();
    const sent = producer.send(event(signal, 1));
    sent.catch(() => {});
    const closed = producer.close();
    await clock.advance(500);
    await expect(sent).rejects.toMatchObject({ code: 'EVENTS_PRODUCE_FAILED', topic: 'counts' });
    await closed;
    bound.resolve(boundJsonCodec(signal as never));
    await settle();
    expect(producer.calls).toEqual([]);
  });
});

describe('publishEncoded and publishMessages', () => {
  it('settle every item on its own, and keep messages as they are', async () => {
    const producer = new FakeEventBusProducer({
      answer: acceptAll,
      options: { topicPrefix: 'dev', maxBufferedEvents: 1 },
    });
    const signal = defineCount();
    const codec = boundJsonCodec(signal as never);
    const metadata = createMetadata({ eventType: signal.eventType });
    const encoded = {
      metadata,
      topic: 'counts',
      record: codec.encode({ count: 1 }),
      schema: codec.schema,
      key: codec.key('count').encode({ count: 1 }),
    };
    expect(await producer.publishEncoded([encoded, encoded])).toMatchObject([
      { status: 'fulfilled', value: { eventId: metadata.id, topic: 'dev-counts' } },
      { status: 'rejected', reason: { code: 'EVENTS_BUFFER_FULL' } },
    ]);
    const tombstone = {
      topic: 'dev-other',
      key: null,
      value: null,
      headers: [['a', Uint8Array.of(0xff)]] as const,
    };
    expect(await producer.publishMessages([tombstone])).toMatchObject([
      { status: 'fulfilled', value: { eventId: '', topic: 'dev-other' } },
    ]);
    expect(producer.calls[1]?.messages).toEqual([tombstone]);
    expect(await producer.publishMessages([])).toEqual([]);
  });
});

describe('flush', () => {
  it('waits for what was sent before, and not for what is sent concurrently', async () => {
    const producer = new FakeEventBusProducer();
    const signal = defineCount();
    void producer.send(event(signal, 1));
    await settle();
    const flushed = vi.fn();
    void producer.flush().then(flushed);
    void producer.send(event(signal, 2));
    await settle();
    expect(flushed).not.toHaveBeenCalled();
    producer.calls[0]?.resolve([{ position: 'a' }]);
    await settle();
    expect(producer.calls).toHaveLength(2);
    expect(flushed).toHaveBeenCalledOnce();
    producer.calls[1]?.resolve([{ position: 'b' }]);
  });

  it('waits for retries too', async () => {
    const producer = new FakeEventBusProducer({
      answer: (call, index) => (index === 0 ? [{ error: away() }, { position: 'b' }] : acceptAll(call)),
    });
    const signal = defineCount();
    void producer.send(event(signal, 1));
    void producer.send(event(signal, 2));
    const flushed = vi.fn();
    void producer.flush().then(flushed);
    await settle();
    expect(flushed).not.toHaveBeenCalled();
    await clock.advance(50);
    expect(flushed).toHaveBeenCalledOnce();
  });

  it('resolves at once when nothing waits', async () => {
    await new FakeEventBusProducer().flush();
  });
});

describe('close', () => {
  it('flushes, lets go of the broker once, and accepts nothing more', async () => {
    const producer = new FakeEventBusProducer();
    const signal = defineCount();
    const sent = producer.send(event(signal, 1));
    await settle();
    const closed = [producer.close(), producer.close()];
    await expect(producer.send(event(signal, 2))).rejects.toThrow(IllegalStateError);
    expect(() => producer.offer(event(signal, 2))).toThrow(IllegalStateError);
    expect(
      await producer.publishMessages([{ topic: 't', key: null, value: null, headers: [] }]),
    ).toMatchObject([{ reason: { code: 'EVENTS_ILLEGAL_STATE' } }]);
    expect(producer.releases).toBe(0);
    producer.calls[0]?.resolve([{ position: 'a' }]);
    await Promise.all([...closed, sent]);
    await producer.close();
    expect(producer.releases).toBe(1);
    expect(producer.health()).toEqual({ live: false, ready: false, reasons: ['the producer is closed'] });
    expect(clock.pending).toEqual([]);
  });

  it('rejects what the broker has not accepted within closeTimeoutMs, and asks it no more', async () => {
    const producer = new FakeEventBusProducer({
      answer: () => {
        throw away();
      },
      options: { closeTimeoutMs: 5_000, maxBatchSize: 1 },
    });
    const signal = defineCount();
    const sent = Promise.allSettled([1, 2, 3].map((count) => producer.send(event(signal, count))));
    await settle();
    const closed = producer.close();
    await clock.advance(5_000);
    const calls = producer.calls.length;
    for (const result of await sent) {
      expect(result).toMatchObject({ reason: { code: 'EVENTS_PRODUCE_FAILED', retryable: true } });
    }
    await closed;
    expect(producer.calls).toHaveLength(calls);
    expect(producer.releases).toBe(1);
  });

  it('asks the bus to abandon the request under way, and trusts its outcome', async () => {
    const producer = new FakeEventBusProducer({ options: { closeTimeoutMs: 5_000 } });
    const sent = producer.send(event(defineCount(), 1));
    await settle();
    const [call] = producer.calls;
    call?.abortSignal.addEventListener('abort', () => call.resolve([{ position: 'just so' }]));
    const closed = producer.close();
    await clock.advance(5_000);
    expect(await sent).toMatchObject({ position: 'just so' });
    await closed;
  });

  it('does not hang on a bus that ignores it', async () => {
    const producer = new FakeEventBusProducer({ options: { closeTimeoutMs: 5_000 } });
    const sent = producer.send(event(defineCount(), 1));
    sent.catch(() => {});
    await settle();
    const closed = producer.close();
    await clock.advance(6_000);
    await closed;
    await expect(sent).rejects.toMatchObject({ code: 'EVENTS_PRODUCE_FAILED', retryable: false });
    producer.calls[0]?.reject(new Error('far too late'));
  });

  it('is what leaving a scope does', async () => {
    const producer = new FakeEventBusProducer();
    {
      await using _ = producer;
    }
    expect(producer.releases).toBe(1);
  });
});

describe('a route to a producer', () => {
  it('leaves no rejection unhandled, wherever the event fails', async () => {
    const signal = defineCount();
    let tries = 0;
    const producer = new FakeEventBusProducer({
      answer: () => [{ error: new Error('refused') }],
      codec: {
        bind: async (bound) => {
          tries += 1;
          if (tries === 1) throw away();
          return boundJsonCodec(bound);
        },
      },
    });
    const routes = connectRoutes(producer, [
      route(signal, { topic: 'a', eventKeyField: 'count' }),
      route(signal, { topic: 'b', eventKeyField: 'count', awaitAcceptanceMs: 10 }),
    ]);
    const sent = signal.sendEvent({ count: 1 });
    await settle();
    await clock.advance(10);
    await sent;
    const results = await signal.sendEvent({ count: 2 });
    expect(results.map(({ status }) => status)).toEqual(['pending', 'rejected']);
    routes.disconnect();
    await producer.close();
  });
});
