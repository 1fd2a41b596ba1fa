import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BufferFullError } from '../errors/bus-errors.js';
import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { fakeProducer } from '../routes/fake-producer.test-support.js';
import { type Route, type RouteOptions, route } from '../routes/route.js';
import { silentLogger } from '../runtime/logger.js';
import { ManualClock, settle } from '../runtime/manual-clock.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import { ada, defineUserSignal, receivedAda } from '../signals/fixtures.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import { connectRoutes } from './connect-routes.js';

const restore = snapshotSignals();
let clock: ManualClock;
beforeEach(() => {
  clock = new ManualClock();
  configureEvents({ clock });
});
afterEach(restore);

type UserSignal = ReturnType<typeof defineUserSignal>;
const to = (
  signal: UserSignal,
  topic: string,
  options: Partial<RouteOptions<UserSignal['shape']['fields']>> = {},
) => route(signal, { topic, eventKeyField: 'user.pii.username', ...options });
const receipt = { eventId: 'e', topic: 'users', position: '0:1' };

describe('a connected route', () => {
  it('hands events to the producer, with what receivers see, and reports a receipt', async () => {
    const signal = defineUserSignal();
    const producer = fakeProducer();
    connectRoutes(producer, [to(signal, 'users')]);
    const [result] = await signal.sendEvent({ user: ada });
    expect(result).toMatchObject({ receiver: 'route:users', status: 'pending' });
    expect(producer.offered).toMatchObject([
      {
        topic: 'users',
        eventKeyField: 'user.pii.username',
        data: { user: receivedAda },
        metadata: { eventType: signal.eventType },
      },
    ]);
    producer.offered[0]?.acceptance.resolve(receipt);
    if (result?.status === 'pending') expect(await result.receipt).toBe(receipt);
  });

  it('neither delays nor fails the sender, whatever becomes of the event', async () => {
    const signal = defineUserSignal();
    const producer = fakeProducer();
    connectRoutes(producer, [to(signal, 'users')]);
    const [result] = await signal.sendEvent({ user: ada });
    producer.offered[0]?.acceptance.reject(new Error('refused'));
    await settle(); // an unhandled rejection would fail this test
    expect(result?.status).toBe('pending');
  });

  it('is one rejected result where the buffer is full; the other topics and receivers go on', async () => {
    const signal = defineUserSignal();
    const [full, free] = [fakeProducer(), fakeProducer()];
    const error = new BufferFullError('users', 1);
    full.failure = error;
    connectRoutes(full, [to(signal, 'users')]);
    connectRoutes(free, [to(signal, 'audit')]);
    signal.connect(() => 'done', { name: 'local' });
    expect(await signal.sendEvent({ user: ada })).toMatchObject([
      { receiver: 'route:users', status: 'rejected', reason: error },
      { receiver: 'route:audit', status: 'pending' },
      { receiver: 'local', status: 'fulfilled', value: 'done' },
    ]);
  });

  it('leaves events that came over a bus alone', async () => {
    const signal = defineUserSignal();
    const producer = fakeProducer();
    connectRoutes(producer, [to(signal, 'users')]);
    const metadata = createMetadata({ eventType: signal.eventType });
    const results = await signal.sendEventWithMetadata(metadata, { user: ada });
    expect(results).toEqual([{ receiver: 'route:users', status: 'fulfilled', value: undefined }]);
    expect(producer.offered).toEqual([]);
  });

  describe('with awaitAcceptanceMs', () => {
    const sendVia = (producer = fakeProducer()) => {
      const signal = defineUserSignal();
      connectRoutes(producer, [to(signal, 'users', { awaitAcceptanceMs: 100 })]);
      return { producer, sent: signal.sendEvent({ user: ada }) };
    };

    it('has the receipt for its value when the broker is quick, and leaves no timer behind', async () => {
      const { producer, sent } = sendVia();
      await settle();
      producer.offered[0]?.acceptance.resolve(receipt);
      expect(await sent).toEqual([{ receiver: 'route:users', status: 'fulfilled', value: receipt }]);
      expect(clock.pending).toEqual([]);
    });

    it('is rejected when the broker refuses in time', async () => {
      const { producer, sent } = sendVia();
      await settle();
      const refused = new Error('refused');
      producer.offered[0]?.acceptance.reject(refused);
      expect(await sent).toEqual([{ receiver: 'route:users', status: 'rejected', reason: refused }]);
    });

    it('is pending when the broker is late, and a failure after that harms nobody', async () => {
      const { producer, sent } = sendVia();
      await clock.advance(100);
      const [result] = await sent;
      expect(result).toMatchObject({ receiver: 'route:users', status: 'pending' });
      producer.offered[0]?.acceptance.reject(new Error('refused'));
      await settle();
      if (result?.status === 'pending') await expect(result.receipt).rejects.toThrow('refused');
    });
  });
});

describe('connectRoutes', () => {
  it('connects enabled routes only, and lists all', () => {
    const signal = defineUserSignal();
    const routes = [to(signal, 'users'), to(signal, 'audit', { enabled: false })];
    const connected = connectRoutes(fakeProducer(), routes);
    expect(signal.receivers).toEqual(['route:users']);
    expect(connected.current).toEqual(routes);
  });

  it('applies what differs: connects, reconnects and disconnects, and leaves the rest in its place', async () => {
    const signal = defineUserSignal();
    const producer = fakeProducer();
    const connected = connectRoutes(producer, [to(signal, 'a'), to(signal, 'b'), to(signal, 'c')]);
    signal.connect(() => {}, { name: 'local' });
    const next = [
      to(signal, 'a'),
      to(signal, 'b', { eventKeyField: 'user.id' }),
      to(signal, 'c', { enabled: false }),
      to(signal, 'd'),
    ];
    connected.apply(next);
    expect(signal.receivers).toEqual(['route:a', 'local', 'route:b', 'route:d']);
    expect(connected.current).toEqual(next);
    await signal.sendEvent({ user: ada });
    expect(producer.offered.map(({ topic, eventKeyField }) => [topic, eventKeyField])).toEqual([
      ['a', 'user.pii.username'],
      ['b', 'user.id'],
      ['d', 'user.pii.username'],
    ]);
  });

  it('disconnects all, as often as asked, and at the end of a scope', () => {
    const signal = defineUserSignal();
    const connected = connectRoutes(fakeProducer(), [to(signal, 'a')]);
    connected.disconnect();
    connected.disconnect();
    expect(signal.receivers).toEqual([]);
    expect(connected.current).toEqual([]);
    {
      using _ = connectRoutes(fakeProducer(), [to(signal, 'a')]);
      expect(signal.receivers).toEqual(['route:a']);
    }
    expect(signal.receivers).toEqual([]);
  });

  it("changes nothing when two routes are in each other's way", () => {
    const signal = defineUserSignal();
    const other = defineUserSignal('deleted');
    const before = [to(signal, 'a'), to(signal, 'b')];
    const connected = connectRoutes(fakeProducer(), before);
    const attempt = () =>
      connected.apply([to(other, 'a'), to(signal, 'c'), to(signal, 'c', { eventKeyField: 'user.id' })]);
    expect(attempt).toThrow(ProducerConfigurationError);
    expect(attempt).toThrow('two routes send the event to this topic');
    expect([signal.receivers, other.receivers]).toEqual([['route:a', 'route:b'], []]);
    expect(connected.current).toEqual(before);
  });

  it('changes nothing when a route made by hand leads to dead letters', () => {
    const signal = defineUserSignal();
    const connected = connectRoutes(fakeProducer(), [to(signal, 'a')]);
    const attempt = () => connected.apply([to(signal, 'b'), { ...to(signal, 'a'), topic: 'a.mail.dlq' }]);
    expect(attempt).toThrow(ProducerConfigurationError);
    expect(attempt).toThrow(`${signal.eventType} → a.mail.dlq: a.mail.dlq is a dead-letter topic`);
    expect(signal.receivers).toEqual(['route:a']);
  });

  it('changes nothing when another producer serves the topic already', () => {
    const signal = defineUserSignal();
    const first = connectRoutes(fakeProducer(), [to(signal, 'a')]);
    expect(() => connectRoutes(fakeProducer(), [to(signal, 'b'), to(signal, 'a')])).toThrow(
      'was the bus started twice?',
    );
    expect(signal.receivers).toEqual(['route:a']);
    first.disconnect();
    connectRoutes(fakeProducer(), [to(signal, 'b'), to(signal, 'a')]);
    expect(signal.receivers).toEqual(['route:b', 'route:a']);
  });

  it('has the producer warm up for what is enabled, whenever that changes, and waits for nothing', async () => {
    const signal = defineUserSignal();
    const warmed: string[][] = [];
    const warmUp = (routes: readonly Route[]) => {
      warmed.push(routes.map(({ topic }) => topic));
      return new Promise<void>(() => {});
    };
    const routes = connectRoutes({ ...fakeProducer(), warmUp }, [
      to(signal, 'users'),
      to(signal, 'off', { enabled: false }),
    ]);
    routes.apply([to(signal, 'people')]);
    routes.disconnect();
    await settle();
    expect(warmed).toEqual([['users'], ['people']]);
  });

  it('logs what keeps a producer from getting ready', async () => {
    const error = vi.fn();
    configureEvents({ logger: { ...silentLogger, error } });
    const warmUp = () => Promise.reject(new Error('the subject is refused'));
    connectRoutes({ ...fakeProducer(), warmUp }, [to(defineUserSignal(), 'users')]);
    await settle();
    const message = 'the producer is not ready for its routes: the subject is refused';
    expect(error).toHaveBeenCalledExactlyOnceWith(expect.anything(), message);
  });
});
