import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { EarlierEventFailedError, OutcomeUnknownError, ProduceFailedError } from '../errors/bus-errors.js';
import { InfrastructureError } from '../errors/receiver-errors.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { ManualClock, settle } from '../runtime/manual-clock.test-support.js';
import { recordingLogger } from '../runtime/recording.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import { defineCount } from '../signals/count-changed.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import type { EncodedEvent } from '../wire/encoded-event.js';
import { plainWireFormat } from '../wire/json-codec.test-support.js';
import { acceptAll, FakeEventBusProducer, type PublishCall } from './fake-event-bus-producer.test-support.js';

let clock: ManualClock;
let logger: ReturnType<typeof recordingLogger>;
beforeEach(() => {
  clock = new ManualClock();
  logger = recordingLogger();
  const configured = configureEvents({ clock, logger, random: () => 1 });
  onTestFinished(() => configured[Symbol.dispose]());
});
afterEach(snapshotSignals());
const unhandled = vi.fn();
beforeEach(() => void process.on('unhandledRejection', unhandled));
afterEach(async () => {
  await settle();
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

const schema = { text: '{}', fingerprint: 'f' };
const event = (name: string, topic = 'orders', bytes = 1): EncodedEvent => ({
  metadata: createMetadata({ eventType: 'org.openedx.test.order.made.v1' }),
  topic,
  record: Buffer.from(name.padEnd(bytes)),
  schema,
  key: { text: name[0] as string, bytes: Buffer.from(name[0] as string), schema },
});
const events = (...names: string[]) => names.map((name) => event(name));
const away = () => new InfrastructureError('the broker is unreachable');
const inOrder = { inOrder: true } as const;

/** A bus that answers for each message by its value. */
const answering =
  (answers: Readonly<Record<string, () => unknown>>) =>
  ({ values }: PublishCall) =>
    values.map((value) => {
      const error = answers[value]?.();
      return error === undefined ? { position: value } : (error as { error: unknown });
    });
const sentBy = (producer: FakeEventBusProducer) => producer.calls.map(({ values }) => values);
const outcomesOf = (results: readonly PromiseSettledResult<{ readonly position: string }>[]) =>
  results.map((result) => (result.status === 'fulfilled' ? result.value.position : result.reason.code));

describe('a call in order', () => {
  it('publishes no event of a key after one that failed, and names that one', async () => {
    const producer = new FakeEventBusProducer({
      answer: answering({ a1: () => ({ error: away() }), a2: () => ({ error: away() }) }),
      options: { maxBatchSize: 2, deliveryTimeoutMs: 1_000 },
    });
    const batch = events('a1', 'a2', 'a3', 'b1', 'a4', 'b2');
    const published = producer.publishEncoded(batch, inOrder);
    await clock.advance(10_000);
    const results = await published;
    expect(outcomesOf(results)).toEqual([
      'EVENTS_PRODUCE_FAILED',
      'EVENTS_PRODUCE_FAILED',
      'EVENTS_EARLIER_EVENT_FAILED',
      'b1',
      'EVENTS_EARLIER_EVENT_FAILED',
      'b2',
    ]);
    const [first, , third] = results as PromiseRejectedResult[];
    expect(third?.reason).toBeInstanceOf(EarlierEventFailedError);
    expect(third?.reason).toMatchObject({
      topic: 'orders',
      retryable: true,
      earlierEventId: batch[0]?.metadata.id,
      cause: first?.reason,
    });
    expect(sentBy(producer).flat()).not.toContain('a3');
  });

  it('publishes them without inOrder', async () => {
    const producer = new FakeEventBusProducer({
      answer: answering({ a1: () => ({ error: away() }), a2: () => ({ error: away() }) }),
      options: { maxBatchSize: 2, deliveryTimeoutMs: 1_000 },
    });
    const published = producer.publishEncoded(events('a1', 'a2', 'a3', 'a4'));
    await clock.advance(10_000);
    expect(outcomesOf(await published)).toEqual([
      'EVENTS_PRODUCE_FAILED',
      'EVENTS_PRODUCE_FAILED',
      'a3',
      'a4',
    ]);
  });

  it('leaves the same key of another topic alone', async () => {
    const producer = new FakeEventBusProducer({
      answer: answering({ a1: () => ({ error: new Error('refused') }) }),
    });
    const batch = [event('a1'), event('a2', 'other')];
    expect(outcomesOf(await producer.publishEncoded(batch, inOrder))).toEqual([
      'EVENTS_PRODUCE_FAILED',
      'a2',
    ]);
  });

  it('does not send again what the bus did not attempt, and does so in other calls, at once', async () => {
    const answer = ({ values }: PublishCall) =>
      values.map((value) =>
        value === 'a1'
          ? { error: new ProduceFailedError('orders', 'too large', { retryable: false, isTooLarge: true }) }
          : values.includes('a1')
            ? ({ notAttempted: true } as const)
            : { position: value },
      );
    const producer = new FakeEventBusProducer({ answer });
    const [ordered, other] = await Promise.all([
      producer.publishEncoded(events('a1', 'a2'), inOrder),
      producer.publishEncoded(events('a3')),
    ]);
    expect(outcomesOf([...ordered, ...other])).toEqual([
      'EVENTS_PRODUCE_FAILED',
      'EVENTS_EARLIER_EVENT_FAILED',
      'a3',
    ]);
    expect(sentBy(producer)).toEqual([['a1', 'a2', 'a3'], ['a3']]);
    expect(clock.pending).toEqual([]);
  });

  it('stops a key at an event that the buffer refuses, though a smaller one has room', async () => {
    const producer = new FakeEventBusProducer({ answer: acceptAll, options: { maxBufferedBytes: 20 } });
    const batch = [event('a1'), event('a2', 'orders', 50), event('a3'), event('b1')];
    expect(outcomesOf(await producer.publishEncoded(batch, inOrder))).toEqual([
      '0:0',
      'EVENTS_BUFFER_FULL',
      'EVENTS_EARLIER_EVENT_FAILED',
      '0:1',
    ]);
  });

  it('reports an event that may have been written as such, and not as one that was not sent', async () => {
    const lost = () => ({ error: new OutcomeUnknownError('no reply') });
    const producer = new FakeEventBusProducer({ answer: answering({ a1: lost, a2: lost }) });
    const published = producer.publishEncoded(events('a1', 'a2'), { ...inOrder, deliveryTimeoutMs: 500 });
    await clock.advance(10_000);
    for (const result of await published)
      expect(result).toMatchObject({ reason: { fault: 'unknown', retryable: false } });
  });

  it('keeps the order of messages without a key out of it', async () => {
    const producer = new FakeEventBusProducer({
      answer: ({ messages }) =>
        messages.map((_, index) => (index === 0 ? { error: new Error('no') } : { position: 'x' })),
    });
    const message = { topic: 'orders', key: null, value: null, headers: [] };
    const keyed = { ...message, key: Buffer.from('k') };
    expect(outcomesOf(await producer.publishMessages([message, message], inOrder))).toEqual([
      'EVENTS_PRODUCE_FAILED',
      'x',
    ]);
    expect(outcomesOf(await producer.publishMessages([keyed, keyed, message], inOrder))).toEqual([
      'EVENTS_PRODUCE_FAILED',
      'x', // the bus wrote it in the same request: the conformance suite holds it to the order of a key
      'x',
    ]);
  });
});

describe('a message that cannot be made yet', () => {
  it('keeps back later ones of its key, and none of other keys', async () => {
    let isUnreachable = true;
    const producer = new FakeEventBusProducer({
      answer: answering({}),
      wireFormat: {
        ...plainWireFormat,
        frame: (encoded, topic) => {
          if (isUnreachable && String(encoded.record) === 'a1')
            throw new InfrastructureError('the registry is unreachable');
          return plainWireFormat.frame(encoded, topic);
        },
      },
    });
    const published = producer.publishEncoded(events('a1', 'a2', 'b1'));
    await settle();
    expect(sentBy(producer)).toEqual([['b1']]);
    isUnreachable = false;
    await clock.advance(50);
    await published;
    expect(sentBy(producer)).toEqual([['b1'], ['a1', 'a2']]);
  });
});

describe('a bus that attempts nothing', () => {
  it('is asked again with pauses, until deliveryTimeoutMs', async () => {
    const producer = new FakeEventBusProducer({
      answer: ({ messages }) => messages.map(() => ({ notAttempted: true })),
    });
    const published = producer.publishEncoded(events('a1'), { deliveryTimeoutMs: 400 });
    await settle();
    expect(producer.calls).toHaveLength(1);
    await clock.advance(10_000);
    expect(await published).toMatchObject([{ reason: { retryable: true, fault: 'bus' } }]);
    expect(producer.calls.length).toBeLessThan(10);
  });
});

describe('the deliveryTimeoutMs of a call', () => {
  it('replaces that of the producer', async () => {
    const producer = new FakeEventBusProducer({
      answer: () => {
        throw away();
      },
    });
    const settled = vi.fn();
    void producer.publishEncoded(events('a1'), { deliveryTimeoutMs: 300 }).then(settled);
    await clock.advance(200);
    expect(settled).not.toHaveBeenCalled();
    await clock.advance(500);
    expect(settled).toHaveBeenCalled();
  });
});

describe('an aborted call', () => {
  it('rejects what waits at once, and settles what is in flight by its answer without sending it again', async () => {
    const producer = new FakeEventBusProducer({ options: { maxBatchSize: 2 } });
    const controller = new AbortController();
    const published = producer.publishEncoded(events('a1', 'b1', 'c1'), { abortSignal: controller.signal });
    const other = producer.publishEncoded(events('d1'));
    await settle();
    controller.abort(new Error('the lease was lost'));
    producer.calls[0]?.resolve([{ position: 'a1' }, { error: away() }]);
    await clock.advance(100);
    const results = await published;
    expect(outcomesOf(results)).toEqual(['a1', 'EVENTS_PRODUCE_FAILED', 'EVENTS_PRODUCE_FAILED']);
    expect(results[2]).toMatchObject({
      reason: { retryable: true, fault: 'bus', cause: { message: 'the lease was lost' } },
    });
    expect(sentBy(producer)).toEqual([['a1', 'b1'], ['d1']]);
    producer.calls[1]?.resolve([{ position: 'd1' }]);
    await other;
    await producer.flush();
  });

  it('sends nothing when its signal fired before', async () => {
    const producer = new FakeEventBusProducer({ answer: acceptAll });
    const abortSignal = AbortSignal.abort();
    expect(outcomesOf(await producer.publishEncoded(events('a1'), { abortSignal }))).toEqual([
      'EVENTS_PRODUCE_FAILED',
    ]);
    expect(producer.calls).toEqual([]);
  });

  it('sends nothing that a registry was still asked about', async () => {
    const controller = new AbortController();
    const producer = new FakeEventBusProducer({
      answer: acceptAll,
      wireFormat: {
        ...plainWireFormat,
        frame: async (encoded, topic) => {
          controller.abort();
          return plainWireFormat.frame(encoded, topic);
        },
      },
    });
    await producer.publishEncoded(events('a1'), { abortSignal: controller.signal });
    expect(producer.calls).toEqual([]);
  });

  it('ends a flush that waits for it while the broker is unreachable', async () => {
    const producer = new FakeEventBusProducer({
      answer: () => {
        throw away();
      },
    });
    const controller = new AbortController();
    const published = producer.publishEncoded(events('a1'), { abortSignal: controller.signal });
    await settle();
    controller.abort();
    await published;
    const flushed = vi.fn();
    void producer.flush().then(flushed);
    await clock.advance(1_000);
    expect(flushed).toHaveBeenCalled();
    await producer.close();
  });

  it('leaves no listener behind, and no warning when many calls share a signal', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));
    const { signal: abortSignal } = new AbortController();
    const remove = vi.spyOn(abortSignal, 'removeEventListener');
    const producer = new FakeEventBusProducer({ answer: acceptAll });
    await Promise.all(
      Array.from({ length: 20 }, () => producer.publishEncoded(events('a1'), { abortSignal })),
    );
    await new Promise(setImmediate);
    expect(warned).not.toHaveBeenCalled();
    expect(remove).toHaveBeenCalledTimes(20);
  });
});

describe('a topic that no consumer can subscribe to', () => {
  const options = { topicPrefix: 'dev' };

  it.each([
    ['of dead letters', 'orders.mail.dlq', /dead-letter topic/],
    ['with a character that no topic has', 'a b/c', /1 to 200 characters/],
    ['without a name', '', /1 to 200 characters/],
  ])('fails each event and message for it %s, and no other', async (_, topic, reason) => {
    const producer = new FakeEventBusProducer({ answer: answering({}), options });
    const encoded = await producer.publishEncoded([event('a1', topic), event('b1')]);
    const messages = ['dev-orders', `dev-${topic}`].map((name) => ({
      ...{ topic: name, key: null, headers: [] },
      value: Buffer.from('x'),
    }));
    const bare = await producer.publishMessages(messages);
    expect(outcomesOf([...encoded, ...bare])).toEqual([
      'EVENTS_PRODUCE_FAILED',
      'b1',
      'x',
      'EVENTS_PRODUCE_FAILED',
    ]);
    for (const failed of [encoded[0], bare[1]])
      expect(failed).toMatchObject({
        reason: {
          fault: 'event',
          retryable: false,
          topic: `dev-${topic}`,
          message: expect.stringMatching(reason),
        },
      });
  });

  it('stops later events of its key, where the call keeps their order', async () => {
    const producer = new FakeEventBusProducer({ answer: acceptAll, options });
    const batch = [event('a1', 'a b/c'), event('a2', 'a b/c')];
    expect(outcomesOf(await producer.publishEncoded(batch, inOrder))).toEqual([
      'EVENTS_PRODUCE_FAILED',
      'EVENTS_PRODUCE_FAILED',
    ]);
  });

  it('rejects a send, too', async () => {
    const signal = defineCount();
    const sent = new FakeEventBusProducer({ options }).send({
      signal,
      topic: 'a b/c',
      eventKeyField: 'count',
      data: { count: 1 },
      metadata: createMetadata(signal),
    });
    await expect(sent).rejects.toThrow(/→ a b\/c: a topic is 1 to 200 characters/);
  });
});

describe('a call with a wrong option', () => {
  it('rejects and sends nothing', async () => {
    const producer = new FakeEventBusProducer({ answer: acceptAll });
    const published = producer.publishEncoded(events('a1'), { inorder: true } as object);
    await expect(published).rejects.toThrow(/inorder: unknown option: did you mean inOrder/);
    expect(producer.calls).toEqual([]);
  });
});

describe('the failed events of a call', () => {
  it('are one entry of the log', async () => {
    const refused = () => ({ error: new Error('no such user') });
    const producer = new FakeEventBusProducer({ answer: answering({ a1: refused, b1: refused }) });
    await producer.publishEncoded(events('a1', 'b1', 'c1'));
    expect(logger.lines).toMatchObject([
      {
        level: 'error',
        facts: { failed: 2, events: 3, err: { code: 'EVENTS_PRODUCE_FAILED' } },
        message: expect.stringContaining('events of a call were not published'),
      },
    ]);
  });
});
