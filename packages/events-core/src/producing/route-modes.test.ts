import { afterEach, describe, expect, it, vi } from 'vitest';
import { ProducerConfigurationError } from '../errors/configuration-errors.js';
import { ReceiverFailedError } from '../errors/receiver-errors.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { fakeProducer } from '../routes/fake-producer.test-support.js';
import { type RouteOptions, route } from '../routes/route.js';
import type { RouteMode } from '../routes/route-mode.js';
import { ada, defineUserSignal, receivedAda } from '../signals/fixtures.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import { connectRoutes } from './connect-routes.js';
import { fakeOutbox } from './fake-outbox.test-support.js';

const restore = snapshotSignals();
afterEach(restore);

type UserSignal = ReturnType<typeof defineUserSignal>;
const to = (
  signal: UserSignal,
  topic: string,
  options: Partial<RouteOptions<UserSignal['shape']['fields']>> = {},
) => route(signal, { topic, eventKeyField: 'user.pii.username', ...options });

describe('a route with the mode outbox', () => {
  it('passes the event to the outbox, with what receivers see, and nothing to the producer', async () => {
    const signal = defineUserSignal();
    const [producer, outbox] = [fakeProducer(), fakeOutbox()];
    connectRoutes(producer, [to(signal, 'users', { mode: 'outbox' })], { outbox });
    const results = await signal.sendEvent({ user: ada });
    expect(results).toEqual([{ receiver: 'route:users', status: 'fulfilled', value: undefined }]);
    expect(outbox.added).toMatchObject([
      { topic: 'users', eventKeyField: 'user.pii.username', data: { user: receivedAda } },
    ]);
    expect(producer.offered).toEqual([]);
  });

  it('needs no producer', async () => {
    const signal = defineUserSignal();
    const outbox = fakeOutbox();
    connectRoutes(undefined, [to(signal, 'users')], { outbox, defaultMode: 'outbox' });
    await signal.sendEvent({ user: ada });
    expect(outbox.added).toHaveLength(1);
  });

  it('fails the sender when the outbox refuses the event, before any other receiver runs', async () => {
    const signal = defineUserSignal();
    const outbox = fakeOutbox();
    const received = vi.fn();
    signal.connect(received);
    connectRoutes(undefined, [to(signal, 'users', { mode: 'outbox' })], { outbox });
    outbox.failure = new Error('no transaction');
    const sending = signal.sendEvent({ user: ada });
    await expect(sending).rejects.toThrow(ReceiverFailedError);
    await expect(sending).rejects.toMatchObject({ cause: outbox.failure });
    expect(received).not.toHaveBeenCalled();
  });

  it('ignores events that came over a bus', async () => {
    const signal = defineUserSignal();
    const outbox = fakeOutbox();
    connectRoutes(undefined, [to(signal, 'users', { mode: 'outbox' })], { outbox });
    await signal.sendEventWithMetadata(createMetadata({ eventType: signal.eventType }), { user: ada });
    expect(outbox.added).toEqual([]);
  });

  it('is refused with awaitAcceptanceMs, whichever way it got its mode', () => {
    const signal = defineUserSignal();
    const wait = { awaitAcceptanceMs: 100 };
    const why = 'awaitAcceptanceMs is not possible with the mode outbox';
    expect(() => to(signal, 'users', { ...wait, mode: 'outbox' })).toThrow(ProducerConfigurationError);
    expect(() => to(signal, 'users', { ...wait, mode: 'outbox' })).toThrow(why);
    const connect = () =>
      connectRoutes(fakeProducer(), [to(signal, 'users', wait)], {
        outbox: fakeOutbox(),
        defaultMode: 'outbox',
      });
    expect(connect).toThrow(ProducerConfigurationError);
    expect(connect).toThrow(`${signal.eventType} → users: ${why}`);
    expect(signal.receivers).toEqual([]);
  });

  it('is refused without an outbox: the error names the route and the cure', () => {
    const signal = defineUserSignal();
    const connect = () => connectRoutes(fakeProducer(), [to(signal, 'users', { mode: 'outbox' })]);
    expect(connect).toThrow(ProducerConfigurationError);
    expect(connect).toThrow(`${signal.eventType} → users: its mode is outbox, but there is no outbox`);
    expect(connect).toThrow('sqlOutbox(...)');
  });
});

describe('the mode of a route', () => {
  it('is its own before the default, which is immediate', async () => {
    const signal = defineUserSignal();
    const [producer, outbox] = [fakeProducer(), fakeOutbox()];
    const routes = [to(signal, 'own', { mode: 'immediate' }), to(signal, 'default')];
    const connected = connectRoutes(producer, routes, { outbox, defaultMode: 'outbox' });
    await signal.sendEvent({ user: ada });
    expect(producer.offered.map(({ topic }) => topic)).toEqual(['own']);
    expect(outbox.added.map(({ topic }) => topic)).toEqual(['default']);
    connected.disconnect();
    connectRoutes(producer, [to(signal, 'default')], { outbox });
    await signal.sendEvent({ user: ada });
    expect(producer.offered.map(({ topic }) => topic)).toEqual(['own', 'default']);
  });

  it('may change while the route is connected', async () => {
    const signal = defineUserSignal();
    const [producer, outbox] = [fakeProducer(), fakeOutbox()];
    const connected = connectRoutes(producer, [to(signal, 'users')], { outbox });
    connected.apply([to(signal, 'users', { mode: 'outbox' })]);
    await signal.sendEvent({ user: ada });
    expect([producer.offered.length, outbox.added.length]).toEqual([0, 1]);
    connected.apply([to(signal, 'users', { mode: 'on-commit' })]);
    await signal.sendEvent({ user: ada });
    expect([producer.offered.length, outbox.added.length]).toEqual([1, 1]);
  });

  it('decides for which routes the producer warms up', () => {
    const signal = defineUserSignal();
    const warmUp = vi.fn(async () => {});
    const routes = [
      to(signal, 'a'),
      to(signal, 'b', { mode: 'outbox' }),
      to(signal, 'c', { mode: 'on-commit' }),
    ];
    connectRoutes({ ...fakeProducer(), warmUp }, routes, { outbox: fakeOutbox() });
    expect(warmUp).toHaveBeenCalledExactlyOnceWith([routes[0], routes[2]]);
  });

  it.each<[unknown, string]>([
    ['outbx', '"outbx" is no mode: use immediate, on-commit, outbox (did you mean outbox?)'],
    ['OUTBOX\n', '"OUTBOX\\u{a}" is no mode: use immediate, on-commit, outbox (did you mean outbox?)'],
    [5, 'a value of type number is no mode: use immediate, on-commit, outbox'],
    [null, 'a value of type object is no mode: use immediate, on-commit, outbox'],
  ])('is checked by route: %j', (mode, message) => {
    const signal = defineUserSignal();
    expect(() => to(signal, 'users', { mode: mode as RouteMode })).toThrow(message);
  });
});
