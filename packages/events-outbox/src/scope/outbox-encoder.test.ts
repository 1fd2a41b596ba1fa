import { avroCodec } from '@openedx-ts/events-avro';
import {
  configureEvents,
  createMetadata,
  defineSignal,
  InfrastructureError,
  type OpenEdxPublicSignal,
  type OutgoingEvent,
  string,
} from '@openedx-ts/events-core';
import { deferred, snapshotSignals, type WriterSchema } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settle, TestClock } from '../relay/test-clock.test-support.js';
import { OutboxEncoder } from './outbox-encoder.js';

const restore = snapshotSignals();
let clock: TestClock;
beforeEach(() => {
  clock = new TestClock();
  configureEvents({ clock });
});
afterEach(restore);

function greeting(): OutgoingEvent {
  const signal = defineSignal({
    eventType: 'org.openedx.learning.greeting.sent.v1',
    irregularEventType: 'made up by a test',
    data: { name: string(), from: string() },
  }) as unknown as OpenEdxPublicSignal;
  const { eventType } = signal;
  const data = { name: 'ann', from: 'bob' } as never;
  return {
    signal,
    topic: 'greetings',
    eventKeyField: 'name' as never,
    data,
    metadata: createMetadata({ eventType }),
  };
}

describe('OutboxEncoder', () => {
  it('encodes without a promise once the schemas are stored, which takes one statement', async () => {
    const store = vi.fn(async (_: readonly WriterSchema[]) => {});
    const encoder = new OutboxEncoder(avroCodec(), store);
    const event = greeting();
    await encoder.prepare([event, event]);
    await encoder.prepare([event]);
    expect(store.mock.calls.map(([schemas]) => schemas.length)).toEqual([2]);
    const entry = encoder.encode(event);
    expect(entry).toMatchObject({
      topic: 'greetings',
      eventType: event.metadata.eventType,
      eventId: event.metadata.id,
      key: 'ann',
      recordSchema: store.mock.calls[0]?.[0][0]?.fingerprint,
      keySchema: store.mock.calls[0]?.[0][1]?.fingerprint,
    });
  });

  it('stores the schemas of an event for which nothing was prepared before it returns the entry, and once for all', async () => {
    const stored = deferred();
    const store = vi.fn((_: readonly WriterSchema[]) => stored.promise);
    const encoder = new OutboxEncoder(avroCodec(), store);
    const event = greeting();
    const entries = [encoder.encode(event), encoder.encode(event)];
    const done = vi.fn();
    void Promise.all(entries).then(done);
    await settle();
    expect(done).not.toHaveBeenCalled();
    stored.resolve();
    await settle();
    expect(done).toHaveBeenCalledOnce();
    expect(store).toHaveBeenCalledTimes(2); // the schema of the data, and that of the key
    expect(clock.pending).toBe(0);
  });

  it('does not wait for ever for a connection that the open transaction holds: the error names event and cure', async () => {
    const encoder = new OutboxEncoder(avroCodec(), () => new Promise(() => {}));
    const encoding = encoder.encode(greeting());
    const failure = Promise.resolve(encoding).catch((error: unknown) => error);
    await clock.advance(5_000);
    expect(await failure).toBeInstanceOf(InfrastructureError);
    expect(String(await failure)).toContain('org.openedx.learning.greeting.sent.v1 for topic greetings');
    expect(String(await failure)).toContain('call outbox.warmUp');
    expect(clock.pending).toBe(0);
  });

  it('stores a schema again after that has failed', async () => {
    const store = vi.fn(async () => {});
    store.mockRejectedValueOnce(new Error('refused'));
    const encoder = new OutboxEncoder(avroCodec(), store);
    const event = greeting();
    await expect(encoder.encode(event)).rejects.toThrow('refused');
    await expect(encoder.encode(event)).resolves.toMatchObject({ key: 'ann' });
  });
});
