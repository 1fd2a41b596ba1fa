import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InvalidDataError, InvalidMetadataError } from '../errors/data-errors.js';
import { ReceiverFailedError } from '../errors/receiver-errors.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { deferred } from '../runtime/deferred.js';
import { ManualClock, settle } from '../runtime/manual-clock.test-support.js';
import { recordingLogger, recordingTelemetry } from '../runtime/recording.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import { list } from '../shapes/list.js';
import { long } from '../shapes/primitives.js';
import { defineSignal } from './define-signal.js';
import { ada, defineUserSignal, receivedAda } from './fixtures.test-support.js';
import { pendingReceipt } from './pending-receipt.js';
import { snapshotSignals } from './registry.js';
import type { SignalEvent } from './signal.js';

const restore = snapshotSignals();
const telemetry = recordingTelemetry();
const logger = recordingLogger();

beforeEach(() => {
  configureEvents({ clock: new ManualClock('2026-01-02T03:04:05.678Z'), telemetry, logger });
});
afterEach(() => {
  restore();
  telemetry.facts.length = 0;
  logger.lines.length = 0;
});

const metadataOf = (eventType: string) => createMetadata({ eventType, sourceHost: 'elsewhere' });
const broken = new Error('broken');
const fail = () => {
  throw broken;
};

describe('sendEvent', () => {
  it('accepts an id of the sender, and refuses one that is no UUID', async () => {
    const signal = defineUserSignal();
    const ids: string[] = [];
    signal.connect(({ metadata }) => ids.push(metadata.id));
    const id = '0198c5a0-1111-7222-8333-444455556666';
    await signal.sendEvent({ user: ada }, { id });
    expect(ids).toEqual([id]);
    await expect(signal.sendEvent({ user: ada }, { id: 'mine' })).rejects.toThrow(InvalidMetadataError);
  });

  it('gives receivers the normalised data, the metadata and the signal', async () => {
    const signal = defineUserSignal();
    let seen: SignalEvent | undefined;
    signal.connect((event) => {
      seen = event as unknown as SignalEvent;
    });
    await signal.sendEvent({ user: ada });
    expect(seen).toMatchObject({ data: { user: receivedAda }, fromEventBus: false, delivery: null });
    expect(seen?.signal).toBe(signal);
    expect(seen?.metadata).toMatchObject({
      eventType: signal.eventType,
      minorVersion: 0,
      correlationId: null,
    });
    expect(seen?.metadata.time.iso).toBe('2026-01-02T03:04:05.678000+00:00');
  });

  it('runs receivers in the order of connection, each awaited', async () => {
    const signal = defineUserSignal();
    const order: string[] = [];
    const first = deferred();
    signal.connect(async () => {
      order.push('first begins');
      await first.promise;
      order.push('first ends');
    });
    signal.connect(() => order.push('second'));
    signal.connect(async () => order.push('third'));
    const sent = signal.sendEvent({ user: ada });
    await settle();
    expect(order).toEqual(['first begins']);
    first.resolve();
    await sent;
    expect(order).toEqual(['first begins', 'first ends', 'second', 'third']);
  });

  it('runs sync receivers before it returns: they cost no promise', () => {
    const signal = defineUserSignal();
    const ran: number[] = [];
    signal.connect(() => ran.push(1));
    signal.connect(() => ran.push(2));
    void signal.sendEvent({ user: ada });
    expect(ran).toEqual([1, 2]);
  });

  it('reports what became of each receiver', async () => {
    const signal = defineUserSignal();
    signal.connect(() => 5, { name: 'sync' });
    signal.connect(async () => 'x', { name: 'async' });
    // biome-ignore lint/suspicious/noThenProperty: a promise of another library
    signal.connect(() => ({ then: (resolve: (value: string) => void) => resolve('y') }), {
      name: 'thenable',
    });
    signal.connect(fail, { name: 'throws' });
    signal.connect(() => Promise.reject(undefined), { name: 'rejects' });
    signal.connect(() => {}, { name: 'last' });
    expect(await signal.sendEvent({ user: ada })).toEqual([
      { receiver: 'sync', status: 'fulfilled', value: 5 },
      { receiver: 'async', status: 'fulfilled', value: 'x' },
      { receiver: 'thenable', status: 'fulfilled', value: 'y' },
      { receiver: 'throws', status: 'rejected', reason: broken },
      { receiver: 'rejects', status: 'rejected', reason: undefined },
      { receiver: 'last', status: 'fulfilled', value: undefined },
    ]);
  });

  it.each(['text', null, undefined, { code: 5 }, Symbol('x')])(
    'takes %s for a failure when a receiver throws it',
    async (thrown) => {
      const signal = defineUserSignal();
      signal.connect(() => {
        throw thrown;
      });
      expect(await signal.sendEvent({ user: ada })).toEqual([
        { receiver: 'receiver', status: 'rejected', reason: thrown },
      ]);
      await expect(signal.sendEvent({ user: ada }, { loud: true })).rejects.toMatchObject({ cause: thrown });
    },
  );

  it('hands a receipt on instead of waiting for it', async () => {
    const signal = defineUserSignal();
    const receipt = deferred<string>();
    signal.connect(() => pendingReceipt(receipt.promise), { name: 'route:t' });
    signal.connect(async () => pendingReceipt(Promise.reject(broken)), { name: 'route:u' });
    const [first, second] = await signal.sendEvent({ user: ada });
    expect(first).toMatchObject({ receiver: 'route:t', status: 'pending' });
    expect(second).toMatchObject({ receiver: 'route:u', status: 'pending' });
    receipt.resolve('accepted');
    if (first?.status === 'pending') expect(await first.receipt).toBe('accepted');
    if (second?.status === 'pending') await expect(second.receipt).rejects.toBe(broken);
  });

  it('logs nothing when nobody listens', async () => {
    expect(await defineUserSignal().sendEvent({ user: ada })).toEqual([]);
    expect([telemetry.facts, logger.lines]).toEqual([[], []]);
  });

  it('refuses data that does not fit, with every path, before any receiver runs', async () => {
    const signal = defineUserSignal();
    const receiver = vi.fn();
    signal.connect(receiver);
    const sent = signal.sendEvent({ user: { id: 'hunter2', is_active: true, pii: {} }, usr: 1 } as never);
    await expect(sent).rejects.toThrow(InvalidDataError);
    await expect(sent).rejects.toMatchObject({
      eventType: signal.eventType,
      issues: [
        { path: 'user.id', message: 'expected an integer, got text' },
        { path: 'user.pii.username', message: 'expected text, but it is missing' },
        { path: 'usr', message: expect.stringContaining('did you mean user?') },
      ],
    });
    await expect(sent).rejects.not.toThrow('hunter2');
    expect(receiver).not.toHaveBeenCalled();
  });

  it.each([undefined, null, 'text', []])('refuses %j for data', async (data) => {
    await expect(defineUserSignal().sendEvent(data as never)).rejects.toThrow(InvalidDataError);
  });

  it('accepts the time of the event, and refuses one that is none', async () => {
    const signal = defineUserSignal();
    const times: string[] = [];
    signal.connect(({ metadata }) => times.push(metadata.time.iso));
    await signal.sendEvent({ user: ada }, { time: '2020-01-01T01:00:00.000001+01:00' });
    expect(times).toEqual(['2020-01-01T00:00:00.000001+00:00']);
    await expect(signal.sendEvent({ user: ada }, { time: 'yesterday' })).rejects.toThrow(
      InvalidMetadataError,
    );
    expect(times).toHaveLength(1);
  });

  it('carries the chain of events on', async () => {
    const [first, second, third] = [defineUserSignal('a'), defineUserSignal('b'), defineUserSignal('c')];
    const chain: unknown[] = [];
    first.connect(({ metadata }) => second.sendEvent({ user: ada }, { causedBy: metadata }));
    second.connect(({ metadata }) => third.sendEvent({ user: ada }, { causedBy: metadata }));
    for (const signal of [first, second, third]) {
      signal.connect(({ metadata }) => chain.push(metadata));
    }
    await first.sendEvent({ user: ada });
    const [c, b, a] = chain as { id: string }[];
    expect(a).toMatchObject({ correlationId: null, causationId: null });
    expect(b).toMatchObject({ correlationId: a?.id, causationId: a?.id });
    expect(c).toMatchObject({ correlationId: a?.id, causationId: b?.id });
  });

  it('keeps integers of 64 bits where it is configured to', async () => {
    const signal = defineSignal({
      eventType: 'org.openedx.learning.ids.sent.v1',
      data: { ids: list(long()) },
    });
    const seen: unknown[] = [];
    signal.connect(({ data }) => seen.push(data.ids));
    const ids = [9_007_199_254_740_993n, 5n] as unknown as number[];
    await signal.sendEvent({ ids }, { unsafeIntegers: 'bigint' });
    expect(seen).toEqual([[9_007_199_254_740_993n, 5]]);
    await expect(signal.sendEvent({ ids })).rejects.toThrow(InvalidDataError);
  });
});

describe('robust and loud', () => {
  it('is robust by default: all run, and failures are reported, without data', async () => {
    const signal = defineUserSignal();
    const after = vi.fn();
    signal.connect(fail, { name: 'bad' });
    signal.connect(after, { name: 'good' });
    await signal.sendEvent({ user: ada });
    expect(after).toHaveBeenCalledOnce();
    expect(telemetry.facts).toEqual([
      {
        type: 'receiver.failed',
        eventType: signal.eventType,
        eventId: expect.any(String),
        receiver: 'bad',
        error: broken,
      },
    ]);
    expect(logger.lines).toMatchObject([{ level: 'error', facts: { err: broken, receiver: 'bad' } }]);
    expect(JSON.stringify(logger.lines)).not.toMatch(/\bada\b/);
  });

  it.each([
    ['sync', fail],
    ['async', async () => fail()],
  ])(
    'rejects at the first failure of a %s receiver in loud mode, and runs none after it',
    async (_, receiver) => {
      const signal = defineUserSignal();
      const after = vi.fn();
      signal.connect(receiver, { name: 'bad' });
      signal.connect(after);
      const sent = signal.sendEvent({ user: ada }, { loud: true });
      await expect(sent).rejects.toThrow(ReceiverFailedError);
      await expect(sent).rejects.toMatchObject({
        receiver: 'bad',
        eventType: signal.eventType,
        cause: broken,
      });
      expect(after).not.toHaveBeenCalled();
    },
  );

  it('names no personal value in the error of a loud call', async () => {
    const signal = defineUserSignal();
    signal.connect(() => Promise.reject(new Error('duplicate key lovelace')), { name: 'store' });
    const user = { ...ada, pii: { username: 'lovelace' } };
    const error: Error = await signal.sendEvent({ user }, { loud: true }).catch((thrown) => thrown);
    expect(inspect(error)).not.toContain('lovelace');
    expect(error.message).toMatch(/: duplicate key \*\*\*$/);
  });

  it('is loud for the whole process where settings demand it, unless a call sets it', async () => {
    const signal = defineUserSignal();
    signal.connect(fail);
    using _ = configureEvents({ dispatch: 'loud' });
    await expect(signal.sendEvent({ user: ada })).rejects.toThrow(ReceiverFailedError);
    expect(await signal.sendEvent({ user: ada }, { loud: false })).toHaveLength(1);
  });

  it('is not harmed by logging that fails', async () => {
    const signal = defineUserSignal();
    const after = vi.fn();
    signal.connect(fail);
    signal.connect(after);
    configureEvents({
      logger: { debug: fail, info: fail, warn: fail, error: fail },
      telemetry: { ...telemetry, record: fail },
    });
    expect(await signal.sendEvent({ user: ada })).toHaveLength(2);
    expect(after).toHaveBeenCalledOnce();
  });
});

describe('disable', () => {
  it('makes sends do nothing, not even check, until enable', async () => {
    const signal = defineUserSignal();
    const receiver = vi.fn();
    signal.connect(receiver);
    signal.disable();
    expect(signal.enabled).toBe(false);
    expect(await signal.sendEvent({} as never, { time: 'yesterday' })).toEqual([]);
    expect(await signal.sendEventWithMetadata(metadataOf(signal.eventType), {} as never)).toEqual([]);
    signal.enable();
    await signal.sendEvent({ user: ada });
    expect(receiver).toHaveBeenCalledOnce();
  });
});

describe('sendEventWithMetadata', () => {
  it('gives receivers the metadata as it is, and reports where the event came from', async () => {
    const signal = defineUserSignal();
    const metadata = metadataOf(signal.eventType);
    const receiver = vi.fn();
    signal.connect(receiver);
    await signal.sendEventWithMetadata(metadata, { user: ada });
    const event = { metadata, fromEventBus: true, delivery: null, data: { user: receivedAda } };
    expect(receiver).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(event));
  });

  it('refuses the metadata of another event type', async () => {
    const signal = defineUserSignal();
    const sent = signal.sendEventWithMetadata(metadataOf('org.openedx.learning.badge.awarded.v1'), {
      user: ada,
    });
    await expect(sent).rejects.toThrow(InvalidMetadataError);
    await expect(sent).rejects.toMatchObject({ field: 'eventType' });
  });

  it('checks the data', async () => {
    const signal = defineUserSignal();
    const wrong = { user: 5 } as never;
    const sent = signal.sendEventWithMetadata(metadataOf(signal.eventType), wrong);
    await expect(sent).rejects.toThrow(InvalidDataError);
  });

  it('is loud where it is configured to be', async () => {
    const signal = defineUserSignal();
    signal.connect(fail);
    const sent = signal.sendEventWithMetadata(metadataOf(signal.eventType), { user: ada }, { loud: true });
    await expect(sent).rejects.toThrow(ReceiverFailedError);
  });
});
