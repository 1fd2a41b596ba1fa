import { afterEach, describe, expect, it, vi } from 'vitest';
import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { InvalidMetadataError } from '../errors/data-errors.js';
import { LocalOnlyError } from '../errors/signal-errors.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { deferred } from '../runtime/deferred.js';
import { defineCount } from '../signals/count-changed.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import type { BoundCodec } from '../wire/codec.js';
import { boundJsonCodec, jsonCodec } from '../wire/json-codec.test-support.js';
import { eventEncoder, type SignalEncoder } from './event-encoder.js';
import { acceptAll, FakeEventBusProducer } from './fake-event-bus-producer.test-support.js';

afterEach(snapshotSignals());

const eventOf = (signal: ReturnType<typeof defineCount>) => ({
  topic: 'counts',
  eventKeyField: 'count' as const,
  data: { count: 5 },
  metadata: createMetadata(signal),
});

type CountSignal = ReturnType<typeof defineCount>;
const boundTo = (signal: CountSignal) =>
  eventEncoder(jsonCodec).bind(signal) as SignalEncoder<CountSignal['shape']['fields']>;

describe('an event encoder', () => {
  it('encodes at once what a producer publishes', async () => {
    const signal = defineCount();
    const event = eventOf(signal);
    const encoded = boundTo(signal).encode(event);
    expect(encoded).toMatchObject({ topic: 'counts', metadata: event.metadata, key: { text: '5' } });
    const producer = new FakeEventBusProducer({ answer: acceptAll });
    await producer.publishEncoded([encoded]);
    await producer.send({ ...event, signal });
    expect(producer.calls[0]?.messages).toEqual(producer.calls[1]?.messages);
  });

  it('binds a signal once, waits for a codec that has to ask first, and asks again after a failure', async () => {
    const signal = defineCount();
    const bound = deferred<BoundCodec>();
    const codec = { bind: vi.fn(() => bound.promise) };
    const encoder = eventEncoder(codec);
    const [first, second] = [encoder.bind(signal), encoder.bind(signal)];
    expect(second).toBe(first);
    bound.reject(new Error('the registry is unreachable'));
    await expect(first).rejects.toThrow('unreachable');
    codec.bind.mockImplementation(async () => boundJsonCodec(signal as never));
    const ready = await encoder.bind(signal);
    expect(ready.encode(eventOf(signal)).record).toEqual(Buffer.from('{"count":5}'));
    expect(encoder.bind(signal)).toBe(ready);
    expect(codec.bind).toHaveBeenCalledTimes(2);
  });

  it('refuses a signal whose events may not leave their process', () => {
    const signal = defineCount({ localOnly: 'it is a secret' });
    expect(() => eventEncoder(jsonCodec).bind(signal)).toThrow(LocalOnlyError);
  });

  it.each([
    ['a dead-letter topic', { topic: 'counts.mail.dlq' }, ProducerConfigurationError],
    ['a name that no topic can have', { topic: 'a b/c' }, ProducerConfigurationError],
    ['a key path that does not exist', { eventKeyField: 'cuont' }, ProducerConfigurationError],
    [
      'metadata of another event',
      { metadata: createMetadata({ eventType: 'org.openedx.learning.badge.awarded.v1' }) },
      InvalidMetadataError,
    ],
  ])('refuses %s', (_, wrong, expected) => {
    const signal = defineCount();
    expect(() => boundTo(signal).encode({ ...eventOf(signal), ...wrong } as never)).toThrow(expected);
  });
});
