import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeEventBusConsumer } from '../consuming/fake-event-bus-consumer.test-support.js';
import { IllegalStateError } from '../errors/bus-errors.js';
import {
  BusLoadError,
  InvalidOptionsError,
  ProducerConfigurationError,
} from '../errors/configuration-errors.js';
import { fakeProducer } from '../routes/fake-producer.test-support.js';
import { route } from '../routes/route.js';
import { deferred } from '../runtime/deferred.js';
import { settle } from '../runtime/manual-clock.test-support.js';
import { ada, defineLocalSignal, defineUserSignal } from '../signals/fixtures.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import type { OpenEdxPublicSignal } from '../signals/signal.js';
import type { EventBusPlugin } from './event-bus-plugin.js';
import { startEventBus } from './start-event-bus.js';

const restore = snapshotSignals();
afterEach(restore);

const key = 'user.pii.username';
const entry = { event_key_field: key, enabled: true };
const off = { ...entry, enabled: false };

function fakeBus() {
  const producer = fakeProducer();
  const consumers: FakeEventBusConsumer[] = [];
  const plugin = {
    name: 'fake',
    createProducer: vi.fn(() => producer),
    createConsumer: vi.fn((_env, { groupId, topics }) => {
      const consumer = new FakeEventBusConsumer({ groupId, topics });
      consumers.push(consumer);
      return consumer;
    }),
  } satisfies EventBusPlugin;
  return { producer, consumers, plugin };
}

describe('startEventBus', () => {
  it('needs nothing: with no bus and no configuration everything works in process', async () => {
    const signal = defineUserSignal();
    const received = vi.fn();
    signal.connect(received);
    await using bus = await startEventBus();
    await signal.sendEvent({ user: ada });
    expect(received).toHaveBeenCalledOnce();
    expect(bus.producer).toBeUndefined();
    expect(bus.routes).toEqual([]);
    expect(bus.health()).toEqual({ live: true, ready: true, reasons: [] });
    await expect(bus.createConsumer({ topics: ['t'], groupId: 'g' })).rejects.toThrow('no bus is set');
  });

  it('connects the configured routes to the producer of the bus, made from the environment', async () => {
    const signal = defineUserSignal();
    const { plugin, producer } = fakeBus();
    const env = { FAKE_URL: 'x' };
    await using bus = await startEventBus({
      bus: plugin,
      env,
      producerConfig: JSON.stringify({ [signal.eventType]: { users: entry, audit: off } }),
    });
    expect(plugin.createProducer).toHaveBeenCalledExactlyOnceWith(env);
    expect(bus.producer).toBe(producer);
    expect(bus.routes.map(({ topic, enabled }) => [topic, enabled])).toEqual([
      ['users', true],
      ['audit', false],
    ]);
    await signal.sendEvent({ user: ada });
    expect(producer.offered.map(({ topic }) => topic)).toEqual(['users']);
  });

  it('lets an entry of the configuration replace a route given in code', async () => {
    const signal = defineUserSignal();
    const routes = [
      route(signal, { topic: 'users', eventKeyField: 'user.id' }),
      route(signal, { topic: 'audit', eventKeyField: 'user.id' }),
    ];
    await using bus = await startEventBus({
      bus: fakeBus().plugin,
      routes,
      producerConfig: { [signal.eventType]: { users: entry } },
    });
    expect(bus.routes.map(({ topic, eventKeyField }) => [topic, eventKeyField])).toEqual([
      ['audit', 'user.id'],
      ['users', key],
    ]);
    await bus.applyProducerConfig({});
    expect(bus.routes).toEqual(routes);
  });

  it('treats the null bus as opting out', async () => {
    const signal = defineUserSignal();
    await using bus = await startEventBus({
      bus: 'null',
      producerConfig: { [signal.eventType]: { users: entry } },
    });
    const [result] = await signal.sendEvent({ user: ada });
    expect(result?.status).toBe('pending');
    await expect(bus.createConsumer({ topics: ['t'], groupId: 'g' })).rejects.toThrow(InvalidOptionsError);
  });

  it('asks several loaders in turn, until one finds the signal', async () => {
    const asked: string[] = [];
    const load = (name: string) => async (eventType: string) => {
      asked.push(`${name} ${eventType.split('.').at(-2)}`);
      if (!eventType.includes(name)) return undefined;
      return defineUserSignal(name) as unknown as OpenEdxPublicSignal;
    };
    const producerConfig = {
      'org.openedx.learning.user.first.v1': { users: entry },
      'org.openedx.learning.user.second.v1': { users: entry },
    };
    const loadSignal = [load('first'), load('second')];
    await using bus = await startEventBus({ bus: fakeBus().plugin, loadSignal, producerConfig });
    expect(bus.routes.map(({ signal }) => signal.eventType)).toEqual(Object.keys(producerConfig));
    expect(asked).toEqual(['first first', 'first second', 'second second']);
  });

  it('loads the signals that only the configuration names', async () => {
    let loaded: OpenEdxPublicSignal | undefined;
    const loadSignal = vi.fn(async (eventType: string) => {
      if (eventType !== 'org.openedx.learning.user.late.v1') return undefined;
      loaded = defineUserSignal('late') as unknown as OpenEdxPublicSignal;
      return loaded;
    });
    const known = defineUserSignal('known');
    const producerConfig = {
      'org.openedx.learning.user.late.v1': { users: entry },
      [known.eventType]: { users: entry },
    };
    await using bus = await startEventBus({ bus: fakeBus().plugin, loadSignal, producerConfig });
    expect(bus.routes.map(({ signal }) => signal)).toEqual([loaded, known]);
    expect(loadSignal.mock.calls).toEqual([['org.openedx.learning.user.late.v1']]);
    await expect(
      bus.applyProducerConfig({ 'org.openedx.learning.user.none.v1': { users: entry } }),
    ).rejects.toThrow(ProducerConfigurationError);
  });
});

describe('a wrong start', () => {
  it.each([
    ['a bus that does not exist', { bus: 'kafak' }, BusLoadError],
    ['a configuration that is none', { producerConfig: '{' }, ProducerConfigurationError],
    ['an unknown event type', { producerConfig: { 'a.b.c': { t: entry } } }, ProducerConfigurationError],
  ])('is an error: %s', async (_, options, error) => {
    const { plugin } = fakeBus();
    await expect(startEventBus({ bus: plugin, ...options })).rejects.toThrow(error);
    expect(plugin.createProducer).not.toHaveBeenCalled();
  });

  it('is a route without a bus for it, unless it is disabled', async () => {
    const signal = defineUserSignal();
    const starting = startEventBus({ producerConfig: { [signal.eventType]: { users: entry } } });
    await expect(starting).rejects.toThrow(InvalidOptionsError);
    await expect(starting).rejects.toThrow('use memory, redis or kafka, or null to opt out');
    await using bus = await startEventBus({ producerConfig: { [signal.eventType]: { users: off } } });
    await expect(bus.applyProducerConfig({ [signal.eventType]: { users: entry } })).rejects.toThrow(
      InvalidOptionsError,
    );
  });

  it('is a route of an event that may not leave its process, and the reason shows', async () => {
    const local = defineLocalSignal();
    const starting = startEventBus({
      bus: fakeBus().plugin,
      producerConfig: { [local.eventType]: { users: entry } },
    });
    await expect(starting).rejects.toThrow(ProducerConfigurationError);
    await expect(starting).rejects.toThrow('it holds a password');
  });

  it('is a producer that cannot be made', async () => {
    const plugin = { ...fakeBus().plugin, createProducer: () => Promise.reject(new Error('no server')) };
    await expect(startEventBus({ bus: plugin })).rejects.toThrow('no server');
  });

  it('leaves no producer open when the routes cannot be connected', async () => {
    const signal = defineUserSignal();
    const producerConfig = { [signal.eventType]: { users: entry } };
    await using _ = await startEventBus({ bus: fakeBus().plugin, producerConfig });
    const { plugin, producer } = fakeBus();
    await expect(startEventBus({ bus: plugin, producerConfig })).rejects.toThrow(
      'was the bus started twice?',
    );
    expect(producer.isClosed).toBe(true);
  });
});

describe('applyProducerConfig', () => {
  it('connects and disconnects without a restart, and changes nothing on an error', async () => {
    const [first, second] = [defineUserSignal('first'), defineUserSignal('second')];
    await using bus = await startEventBus({
      bus: fakeBus().plugin,
      producerConfig: { [first.eventType]: { users: entry } },
    });
    await bus.applyProducerConfig({ [second.eventType]: [{ topic: 'others', ...entry }] });
    expect([first.receivers, second.receivers]).toEqual([[], ['route:others']]);
    await expect(
      bus.applyProducerConfig({ [first.eventType]: { users: { ...entry, enabled: 1 } } } as never),
    ).rejects.toThrow(ProducerConfigurationError);
    expect([first.receivers, second.receivers]).toEqual([[], ['route:others']]);
  });

  it('lets the last of overlapping calls win, however long each takes', async () => {
    const known = defineUserSignal('known');
    const slow = deferred<OpenEdxPublicSignal | undefined>();
    await using bus = await startEventBus({ bus: fakeBus().plugin, loadSignal: () => slow.promise });
    const first = bus.applyProducerConfig({ 'org.openedx.learning.user.slow.v1': { users: entry } });
    const second = bus.applyProducerConfig({ [known.eventType]: { users: entry } });
    await settle();
    slow.resolve(defineUserSignal('slow') as unknown as OpenEdxPublicSignal);
    await Promise.all([first, second]);
    expect(bus.routes.map(({ signal }) => signal.eventType)).toEqual([known.eventType]);
  });
});

describe('the consumers of a bus', () => {
  it('are made from the environment and the options, show in health, and are closed with the bus', async () => {
    const { plugin, consumers, producer } = fakeBus();
    const env = { FAKE_URL: 'x' };
    const bus = await startEventBus({ bus: plugin, env });
    const options = { topics: ['t'], groupId: 'g' };
    const consumer = await bus.createConsumer(options);
    expect(plugin.createConsumer).toHaveBeenCalledExactlyOnceWith(env, options);
    expect(consumer).toBe(consumers[0]);
    expect(bus.health()).toEqual({ live: true, ready: false, reasons: ['the consumer is idle'] });
    await Promise.all([bus.close(), bus.close()]);
    expect(consumer.state).toBe('stopped');
    expect(producer.isClosed).toBe(true);
  });

  it('are forgotten once they are closed, so that one that has failed can be replaced', async () => {
    const { plugin, consumers } = fakeBus();
    await using bus = await startEventBus({ bus: plugin });
    const options = { topics: ['t'], groupId: 'g' };
    const consumer = await bus.createConsumer(options);
    const [fake] = consumers as [FakeEventBusConsumer];
    const running = consumer.run();
    fake.push({ failure: new Error('broken') });
    await expect(running).rejects.toThrow('broken');
    expect(bus.health().live).toBe(false);
    await consumer.close();
    expect(bus.health()).toMatchObject({ live: true, reasons: [] });
    const close = vi.spyOn(consumer, 'close');
    await bus.close();
    expect(close).not.toHaveBeenCalled();
  });

  it('leave a service ready that answers its requests without the broker, and name what is unreachable', async () => {
    const { plugin, consumers } = fakeBus();
    const bus = await startEventBus({ bus: plugin });
    await bus.createConsumer({ topics: ['t'], groupId: 'g' });
    const reasons = ['the consumer is idle'];
    expect(bus.health({ requireBroker: false })).toEqual({ live: true, ready: true, reasons });
    const [consumer] = consumers;
    if (consumer === undefined) throw new Error('no consumer was made');
    const failed = { live: false, ready: false, reasons: ['broken'] };
    const health = vi.spyOn(consumer, 'health').mockReturnValue(failed);
    expect(bus.health({ requireBroker: false })).toEqual(failed);
    health.mockRestore();
    await bus.close();
    expect(bus.health({ requireBroker: false }).ready).toBe(false);
  });

  it('do not keep the rest from closing when one of them fails to', async () => {
    const signal = defineUserSignal();
    const { plugin, producer, consumers } = fakeBus();
    const bus = await startEventBus({
      bus: plugin,
      producerConfig: { [signal.eventType]: { users: entry } },
    });
    const [bad, good] = [
      await bus.createConsumer({ topics: ['t'], groupId: 'g' }),
      await bus.createConsumer({ topics: ['t'], groupId: 'h' }),
    ];
    vi.spyOn(bad, 'close').mockRejectedValue(new Error('broken'));
    await expect(bus.close()).rejects.toThrow('broken');
    expect(consumers).toHaveLength(2);
    expect(good.state).toBe('stopped');
    expect(signal.receivers).toEqual([]);
    expect(producer.isClosed).toBe(true);
  });
});

describe('a closed bus', () => {
  it('accepts no configuration and creates no consumer', async () => {
    const signal = defineUserSignal();
    const { plugin, producer } = fakeBus();
    const bus = await startEventBus({ bus: plugin });
    await bus.close();
    await expect(bus.applyProducerConfig({ [signal.eventType]: { users: entry } })).rejects.toThrow(
      IllegalStateError,
    );
    await expect(bus.createConsumer({ topics: ['t'], groupId: 'g' })).rejects.toThrow(IllegalStateError);
    expect(signal.receivers).toEqual([]);
    expect(producer.isClosed).toBe(true);
  });

  it('closes a consumer that was made while it closed, and connects nothing', async () => {
    const signal = defineUserSignal();
    const { plugin, consumers } = fakeBus();
    const made = deferred();
    const slow = {
      ...plugin,
      createConsumer: async (env: object, options: never) => {
        await made.promise;
        return plugin.createConsumer(env, options);
      },
    };
    const loading = deferred<undefined>();
    const bus = await startEventBus({ bus: slow, loadSignal: () => loading.promise });
    const consumer = bus.createConsumer({ topics: ['t'], groupId: 'g' });
    const applied = bus.applyProducerConfig({ 'org.openedx.learning.user.slow.v1': { users: entry } });
    consumer.catch(() => {});
    applied.catch(() => {});
    await settle();
    const slowSignal = defineUserSignal('slow');
    await bus.close();
    made.resolve();
    loading.resolve(undefined);
    await expect(consumer).rejects.toThrow(IllegalStateError);
    await expect(applied).rejects.toThrow(IllegalStateError);
    expect(consumers[0]?.state).toBe('stopped');
    expect([signal.receivers, slowSignal.receivers]).toEqual([[], []]);
  });
});
