import { describe, expect, it } from 'vitest';
import { InvalidOptionsError, ProducerConfigurationError } from '../errors/configuration-errors.js';
import { eventBusSettings } from './event-bus-settings.js';

const entry = { event_key_field: 'user.pii.username', enabled: true };
const config = { 'org.openedx.learning.user.registered.v1': { users: entry } };

describe('eventBusSettings', () => {
  it('reads nothing from an empty environment', () => {
    expect(eventBusSettings({})).toEqual({ bus: undefined, producerConfig: {}, env: {} });
    expect(
      eventBusSettings({ EVENT_BUS: '', EVENT_BUS_PRODUCER: '', EVENT_BUS_PRODUCER_CONFIG: '' }),
    ).toMatchObject({
      bus: undefined,
      producerConfig: {},
    });
  });

  it.each([
    [{ EVENT_BUS: 'redis' }, 'redis'],
    [{ EVENT_BUS: 'redis', EVENT_BUS_PRODUCER: 'edx_event_bus_kafka.create_producer' }, 'redis'],
    [{ EVENT_BUS_PRODUCER: 'edx_event_bus_kafka.create_producer' }, 'edx_event_bus_kafka.create_producer'],
    [
      { EVENT_BUS_CONSUMER: 'edx_event_bus_redis.RedisEventConsumer' },
      'edx_event_bus_redis.RedisEventConsumer',
    ],
    [
      {
        EVENT_BUS_PRODUCER: 'edx_event_bus_redis.create_producer',
        EVENT_BUS_CONSUMER: 'edx_event_bus_redis.RedisEventConsumer',
      },
      'edx_event_bus_redis.create_producer',
    ],
  ])('finds the bus in %o: %s', (env, bus) => {
    expect(eventBusSettings(env).bus).toBe(bus);
  });

  it('refuses a producer of one bus and a consumer of another', () => {
    const env = {
      EVENT_BUS_PRODUCER: 'edx_event_bus_redis.create_producer',
      EVENT_BUS_CONSUMER: 'edx_event_bus_kafka.KafkaEventConsumer',
    };
    expect(() => eventBusSettings(env)).toThrow(InvalidOptionsError);
    expect(eventBusSettings({ ...env, EVENT_BUS: 'kafka' }).bus).toBe('kafka');
  });

  it('reads the configuration, and hands the environment on', () => {
    const env = { EVENT_BUS_PRODUCER_CONFIG: JSON.stringify(config), OTHER: 'x' };
    expect(eventBusSettings(env)).toEqual({ bus: undefined, producerConfig: config, env });
  });

  it('merges the configuration over defaults', () => {
    const off = JSON.stringify({ 'org.openedx.learning.user.registered.v1': { users: { enabled: false } } });
    expect(eventBusSettings({ EVENT_BUS_PRODUCER_CONFIG: off }, config).producerConfig).toEqual({
      'org.openedx.learning.user.registered.v1': { users: { ...entry, enabled: false } },
    });
    expect(eventBusSettings({}, config).producerConfig).toEqual(config);
  });

  it.each(['{', '[]', 'null', '{"a": {"t": {"enabled": true}}}'])('refuses the configuration %s', (text) => {
    expect(() => eventBusSettings({ EVENT_BUS_PRODUCER_CONFIG: text })).toThrow(ProducerConfigurationError);
  });
});
