import { describe, expect, it } from 'vitest';
import { INVOICE_PAID } from '../own-events.test-support.js';
import { run } from '../run.test-support.js';

const { eventType } = INVOICE_PAID;
const config = (topics: object) => ({ EVENT_BUS_PRODUCER_CONFIG: JSON.stringify({ [eventType]: topics }) });
const route = (field: string, enabled = true) => ({ event_key_field: field, enabled });

describe('export asyncapi', () => {
  it('describes the routes of the application with topics, keys, headers and personal data', async () => {
    const env = {
      ...config({ invoices: route('invoice.number'), old: route('invoice.number', false) }),
      EVENT_BUS_TOPIC_PREFIX: 'dev',
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: 'one:9092,two:9092',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: 'https://me:secret-word@registry:8081',
      EVENT_BUS_KAFKA_API_KEY: 'key',
    };
    const { code, stdout } = await run(['export', 'asyncapi'], { env });
    expect(code).toBe(0);
    expect(stdout).not.toContain('secret-word');
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      asyncapi: '3.1.0',
      servers: {
        kafka: { host: 'one:9092', protocol: 'kafka-secure' },
        kafka2: { bindings: { kafka: { schemaRegistryUrl: 'https://registry:8081/' } } },
      },
      channels: { invoices: { address: 'dev-invoices' } },
      operations: { 'send.invoices': { action: 'send' } },
    });
    const message = document.components.messages.INVOICE_PAID;
    expect(Object.keys(document.channels)).toEqual(['invoices']);
    expect(message).toMatchObject({
      name: eventType,
      headers: { properties: { ce_type: { const: eventType }, sourcehost: { type: 'string' } } },
      bindings: { kafka: { key: { type: 'integer' } } },
      'x-pii': { 'invoice.note': ['other'] },
    });
  });

  it('describes entries of streams for Redis', async () => {
    const env = {
      ...config({ invoices: route('invoice.number') }),
      EVENT_BUS: 'redis',
      EVENT_BUS_REDIS_CONNECTION_URL: 'rediss://:secret-word@db:6380/2',
    };
    const { stdout } = await run(['export', 'asyncapi'], { env });
    expect(stdout).not.toContain('secret-word');
    expect(JSON.parse(stdout)).toMatchObject({
      servers: { redis: { host: 'db:6380', protocol: 'redis-secure', pathname: '/2' } },
      channels: { invoices: { bindings: { redis: {} }, 'x-redis': { type: 'stream' } } },
    });
    expect(stdout).toContain('"schema_fp"');
  });

  it('makes two messages of an event that has another key on another topic', async () => {
    const env = config({ a: route('invoice.number'), b: route('invoice.total') });
    const { messages } = JSON.parse((await run(['export', 'asyncapi'], { env })).stdout).components;
    expect(Object.values(messages)).toHaveLength(2);
  });

  it('asks for routes or events when there are none', async () => {
    expect(await run(['export', 'asyncapi'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('enables no route'),
    });
    expect((await run(['export', 'asyncapi', '--all', eventType])).code).toBe(2);
  });
});
