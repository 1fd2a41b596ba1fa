import { afterEach, describe, expect, it, vi } from 'vitest';
import { InvalidOptionsError, ProducerConfigurationError } from '../errors/configuration-errors.js';
import { fakeOutbox } from '../producing/fake-outbox.test-support.js';
import { fakeProducer } from '../routes/fake-producer.test-support.js';
import { route } from '../routes/route.js';
import { ada, defineUserSignal } from '../signals/fixtures.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import type { EventBusPlugin } from './event-bus-plugin.js';
import { eventBusSettings } from './event-bus-settings.js';
import { startEventBus } from './start-event-bus.js';

const restore = snapshotSignals();
afterEach(restore);

const entry = { event_key_field: 'user.pii.username', enabled: true };
const stored = { ...entry, mode: 'outbox' } as const;

function fakeBus() {
  const producer = fakeProducer();
  const plugin: EventBusPlugin = {
    name: 'fake',
    createProducer: vi.fn(() => producer),
    createConsumer: () => Promise.reject(new Error('no consumer here')),
  };
  return { producer, plugin };
}

describe('startEventBus with an outbox', () => {
  it('needs no bus when every route has the mode outbox', async () => {
    const signal = defineUserSignal();
    const outbox = fakeOutbox();
    await using bus = await startEventBus({
      outbox,
      producerConfig: { [signal.eventType]: { users: stored, audit: { ...entry, enabled: false } } },
    });
    await signal.sendEvent({ user: ada });
    expect(outbox.added.map(({ topic }) => topic)).toEqual(['users']);
    expect(outbox.warmed).toEqual([['users']]);
    expect(outbox.relays).toEqual([]);
    expect(bus.routes.map(({ topic, mode }) => [topic, mode])).toEqual([
      ['users', 'outbox'],
      ['audit', undefined],
    ]);
  });

  it('still needs a bus for a route of another mode', async () => {
    const signal = defineUserSignal();
    const outbox = fakeOutbox();
    const starting = startEventBus({
      outbox,
      producerMode: 'outbox',
      routes: [
        route(signal, { topic: 'users', eventKeyField: 'user.pii.username' }),
        route(signal, { topic: 'audit', eventKeyField: 'user.pii.username', mode: 'on-commit' }),
      ],
    });
    await expect(starting).rejects.toThrow(InvalidOptionsError);
    await expect(starting).rejects.toThrow('is to go to topic audit, but no bus is set');
  });

  it('starts the relay with the producer of the bus, except that of the null bus', async () => {
    const signal = defineUserSignal();
    const [outbox, unrelayed] = [fakeOutbox(), fakeOutbox()];
    const producerConfig = { [signal.eventType]: { users: stored } };
    const { plugin, producer } = fakeBus();
    await (await startEventBus({ bus: plugin, outbox, producerConfig })).close();
    expect(outbox.relays).toEqual([producer]);
    await (await startEventBus({ bus: 'null', outbox: unrelayed, producerConfig })).close();
    expect(unrelayed.relays).toEqual([]);
  });

  it('starts the relay where no route has the mode outbox, for what other processes have stored', async () => {
    const outbox = fakeOutbox();
    const { plugin, producer } = fakeBus();
    await using _ = await startEventBus({ bus: plugin, outbox });
    expect(outbox.relays).toEqual([producer]);
    expect(outbox.warmed).toEqual([]);
  });

  it('rejects when the outbox is not ready, and leaves nothing open', async () => {
    const signal = defineUserSignal();
    const outbox = fakeOutbox();
    outbox.unready = new Error('table event_outbox is missing');
    const { plugin } = fakeBus();
    const producerConfig = { [signal.eventType]: { users: stored } };
    await expect(startEventBus({ bus: plugin, outbox, producerConfig })).rejects.toThrow(
      'table event_outbox is missing',
    );
    expect(plugin.createProducer).not.toHaveBeenCalled();
    expect(outbox.isClosed).toBe(true);
    expect(signal.receivers).toEqual([]);
  });

  it('rejects a route with the mode outbox without an outbox, and closes the producer', async () => {
    const signal = defineUserSignal();
    const { plugin, producer } = fakeBus();
    const starting = startEventBus({
      bus: plugin,
      producerConfig: { [signal.eventType]: { users: stored } },
    });
    await expect(starting).rejects.toThrow(ProducerConfigurationError);
    await expect(starting).rejects.toThrow(`${signal.eventType} → users: its mode is outbox`);
    expect(producer.isClosed).toBe(true);
  });

  it('applies a configuration that changes a mode, once the outbox is ready for it', async () => {
    const signal = defineUserSignal();
    const outbox = fakeOutbox();
    const { plugin, producer } = fakeBus();
    await using bus = await startEventBus({
      bus: plugin,
      outbox,
      producerConfig: { [signal.eventType]: { users: entry } },
    });
    await bus.applyProducerConfig({ [signal.eventType]: { users: stored } });
    await signal.sendEvent({ user: ada });
    expect([outbox.warmed, outbox.added.length, producer.offered.length]).toEqual([[['users']], 1, 0]);
    outbox.unready = new Error('table event_outbox is older');
    await expect(bus.applyProducerConfig({ [signal.eventType]: { people: stored } })).rejects.toThrow(
      'table event_outbox is older',
    );
    expect(signal.receivers).toEqual(['route:users']);
  });

  it('shows the health of the outbox', async () => {
    const outbox = fakeOutbox();
    const bus = await startEventBus({ outbox });
    expect(bus.health()).toEqual({ live: true, ready: true, reasons: [] });
    await bus.close();
    expect(bus.health()).toEqual({ live: true, ready: false, reasons: ['closed'] });
  });

  it('closes the outbox before it disconnects routes and closes the producer, and these although that fails', async () => {
    const signal = defineUserSignal();
    const outbox = fakeOutbox();
    const { plugin, producer } = fakeBus();
    const bus = await startEventBus({
      bus: plugin,
      outbox,
      producerConfig: { [signal.eventType]: { users: stored } },
    });
    const seen: unknown[] = [];
    outbox.close = async () => {
      seen.push([...signal.receivers], producer.isClosed);
      throw new Error('the database is gone');
    };
    await expect(bus.close()).rejects.toThrow('the database is gone');
    expect(seen).toEqual([['route:users'], false]);
    expect([signal.receivers, producer.isClosed]).toEqual([[], true]);
  });
});

describe('EVENT_BUS_PRODUCER_MODE', () => {
  it('is the mode of entries that have none', async () => {
    const signal = defineUserSignal();
    const outbox = fakeOutbox();
    const { plugin, producer } = fakeBus();
    const settings = eventBusSettings({
      EVENT_BUS_PRODUCER_MODE: ' Outbox ',
      EVENT_BUS_PRODUCER_CONFIG: JSON.stringify({
        [signal.eventType]: { users: entry, audit: { ...entry, mode: 'immediate' } },
      }),
    });
    expect(settings.producerMode).toBe('outbox');
    await using _ = await startEventBus({ ...settings, bus: plugin, outbox });
    await signal.sendEvent({ user: ada });
    expect(outbox.added.map(({ topic }) => topic)).toEqual(['users']);
    expect(producer.offered.map(({ topic }) => topic)).toEqual(['audit']);
  });

  it('is refused when it is no mode: the error names setting, value and modes', () => {
    const read = () => eventBusSettings({ EVENT_BUS_PRODUCER_MODE: 'after-commit' });
    expect(read).toThrow(InvalidOptionsError);
    expect(read).toThrow(
      'EVENT_BUS_PRODUCER_MODE: "after-commit" is no mode: use immediate, on-commit, outbox',
    );
    expect(eventBusSettings({ EVENT_BUS_PRODUCER_MODE: '' }).producerMode).toBeUndefined();
  });
});
