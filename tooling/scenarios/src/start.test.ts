import { eventBus, MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { defaultProducerConfig } from '@openedx-ts/events-catalog';
import { loadCatalogSignal } from '@openedx-ts/events-catalog/loader';
import {
  eventBusSettings,
  findSignal,
  ProducerConfigurationError,
  startEventBus,
} from '@openedx-ts/events-core';
import { isolateSignals } from '@openedx-ts/events-testing';
import { describe, expect, it } from 'vitest';

const certificate = 'org.openedx.content_authoring.course.certificate_config.changed.v1';
const badge = 'org.openedx.learning.badge.awarded.v1';
const idv = 'org.openedx.learning.idv_attempt.created.v1';
const group = 'org.openedx.enterprise.enterprise_group.deleted.v1';

function configured(eventType: string, keyField: string): string {
  return JSON.stringify({ [eventType]: { 'some-topic': { event_key_field: keyField, enabled: true } } });
}

describe('starting from the environment', () => {
  it('finds an event that only the configuration names, and connects its route', async () => {
    const env = { EVENT_BUS: 'memory', EVENT_BUS_PRODUCER_CONFIG: configured(badge, 'badge.uuid') };
    const { producerConfig } = eventBusSettings(env);
    await using bus = await startEventBus({
      bus: eventBus,
      producerConfig,
      env,
      loadSignal: loadCatalogSignal,
    });
    expect(bus.routes.map(({ signal, topic }) => [signal.eventType, topic])).toEqual([[badge, 'some-topic']]);
    expect(findSignal(badge)?.receivers).toEqual(['route:some-topic']);
  });

  it('refuses an event that may not leave its process, with the reason', async () => {
    const producerConfig = configured(certificate, 'certificate_config.course_key');
    const start = startEventBus({ bus: eventBus, producerConfig, loadSignal: loadCatalogSignal });
    await expect(start).rejects.toThrow(ProducerConfigurationError);
    await expect(start).rejects.toThrow(/stays in its process \(.*file.*\)/i);
  });

  it.each([
    [
      'an unknown event type',
      configured('org.openedx.learning.badge.awarde.v1', 'badge.uuid'),
      /did you mean/,
    ],
    ['a key field that does not exist', configured(badge, 'badge.uid'), /there is no badge\.uid/],
    ['text that is no JSON', '{"org.openedx', /not JSON/],
    [
      'an unknown key',
      `{"${badge}": {"t": {"event_key_field": "badge.uuid", "enabled": true, "enable": 1}}}`,
      /enabled/,
    ],
  ])('refuses %s and connects nothing', async (_what, producerConfig, message) => {
    const start = startEventBus({ bus: eventBus, producerConfig, loadSignal: loadCatalogSignal });
    await expect(start).rejects.toThrow(message);
    expect(findSignal(badge)?.receivers ?? []).toEqual([]);
  });

  it('needs only what differs from the catalogue, and loads nothing that is off', async () => {
    using _signals = isolateSignals();
    const [topic] = Object.keys(defaultProducerConfig[idv] ?? {}) as [string];
    const env = { EVENT_BUS_PRODUCER_CONFIG: JSON.stringify({ [idv]: { [topic]: { enabled: true } } }) };
    const settings = eventBusSettings(env, defaultProducerConfig);
    const plugin = memoryEventBus(new MemoryBroker());
    await using bus = await startEventBus({ ...settings, bus: plugin, loadSignal: loadCatalogSignal });
    expect(bus.routes.filter(({ enabled }) => enabled).map((route) => route.signal.eventType)).toEqual([idv]);
    expect(findSignal('org.openedx.enterprise.enterprise_group.deleted.v1')).toBeUndefined();
  });

  it('finds an event again that was first loaded inside an isolated test', async () => {
    const start = async () => {
      using _signals = isolateSignals();
      const producerConfig = configured(group, 'enterprise_group.uuid');
      const plugin = memoryEventBus(new MemoryBroker());
      await using bus = await startEventBus({ bus: plugin, producerConfig, loadSignal: loadCatalogSignal });
      return bus.routes.length;
    };
    expect(await start()).toBe(1);
    expect(findSignal(group)).toBeUndefined();
    expect(await start()).toBe(1);
  });
});
