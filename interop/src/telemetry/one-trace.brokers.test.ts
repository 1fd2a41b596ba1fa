import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kafkaOrReason, makeTopics, redisOrReason, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { KafkaEventBusConsumer, KafkaEventBusProducer } from '@openedx-ts/event-bus-kafka';
import { RedisEventBusConsumer, RedisEventBusProducer } from '@openedx-ts/event-bus-redis';
import { SESSION_LOGIN_COMPLETED } from '@openedx-ts/events-catalog/learning/session-login-completed';
import { type Consumer, configureEvents, createMetadata, type Producer } from '@openedx-ts/events-core';
import { openTelemetry } from '@openedx-ts/events-core/opentelemetry';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pythonOrReason } from '../python-environment.js';
import { type OtlpEndpoint, startOtlpEndpoint } from './otlp-endpoint.test-support.js';

const kafka = await kafkaOrReason();
const redis = await redisOrReason();
const peer = await pythonOrReason();
const forward = fileURLToPath(new URL('../../python/forward.py', import.meta.url));

let endpoint: OtlpEndpoint;
let provider: BasicTracerProvider;
let settings: Disposable;

beforeEach(async () => {
  endpoint = await startOtlpEndpoint();
  const exporter = new OTLPTraceExporter({ url: endpoint.url });
  provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  settings = configureEvents({ telemetry: openTelemetry({ tracerProvider: provider }) });
});
afterEach(async () => {
  settings[Symbol.dispose]();
  context.disable();
  await provider.shutdown();
  await endpoint[Symbol.asyncDispose]();
});

/** Sends one event within a span of the application. */
async function sendInRequest(producer: Producer, topic: string): Promise<void> {
  const { eventType } = SESSION_LOGIN_COMPLETED;
  await provider.getTracer('app').startActiveSpan('POST /login', async (request) => {
    await producer.send({
      signal: SESSION_LOGIN_COMPLETED,
      topic,
      eventKeyField: 'user.pii.username',
      data: {
        user: {
          id: 1,
          is_active: true,
          pii: { username: 'lovelace', email: 'lovelace@example.org', name: 'Lovelace' },
        },
      },
      metadata: createMetadata({ eventType }),
    });
    request.end();
  });
}

/** Consumes until one event is handled, and resolves when its spans have arrived. */
async function consumeOne(consumer: Consumer): Promise<void> {
  using _connection = SESSION_LOGIN_COMPLETED.connect(async () => consumer.stop(), { name: 'note_login' });
  await consumer.run();
  await provider.forceFlush();
}

/** That the spans that have arrived are one trace, each the child of the one before. */
function expectOneTrace(expected: readonly (readonly [name: string, kind: number])[]): void {
  const { spans } = endpoint;
  const inOrder = expected.map(([name]) => spans.find((span) => span.name === name));
  expect(inOrder.map((span) => [span?.name, span?.kind])).toEqual(expected);
  expect(spans).toHaveLength(expected.length);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  for (const [index, span] of inOrder.entries())
    if (index > 0) expect(span?.parentSpanId).toBe(inOrder[index - 1]?.spanId);
  const process = spans.find(({ kind }) => kind === 5);
  expect(process?.links).toMatchObject([{ spanId: process?.parentSpanId }]);
  expect(JSON.stringify(spans)).not.toMatch(/lovelace/i);
}

if (kafka.reason === undefined && peer.reason === undefined)
  it('one trace goes from TypeScript over Kafka, Python and Kafka to TypeScript', async () => {
    await using server = await kafka.start();
    await using registry = await startFakeSchemaRegistry();
    const { bootstrapServers } = server;
    const [out, back] = ['logins-out', 'logins-back'];
    const admin = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await makeTopics(admin, [{ topic: out }, { topic: back }]);
    await admin.disconnect();
    const common = { bootstrapServers, schemaRegistry: { url: registry.url } };
    await using producer = new KafkaEventBusProducer(common);
    await sendInRequest(producer, out);
    await promisify(execFile)(peer.python, ['-X', 'utf8', '-B', forward, bootstrapServers, out, back]);
    await using consumer = new KafkaEventBusConsumer({
      ...{ ...common, topics: [back], groupId: 'logins', startFrom: 'earliest' },
    });
    await consumeOne(consumer);
    expectOneTrace([
      ['POST /login', 1],
      [`send ${out}`, 4],
      [`process ${back}`, 5],
      ['receiver note_login', 1],
    ]);
  });

if (redis.reason === undefined)
  it('one trace goes from TypeScript over Redis to TypeScript', async () => {
    await using server = await redis.start();
    const topic = 'logins';
    await using producer = new RedisEventBusProducer({ url: server.url });
    await sendInRequest(producer, topic);
    await using consumer = new RedisEventBusConsumer({
      ...{ url: server.url, topics: [topic], groupId: 'logins', startFrom: 'earliest' },
    });
    await consumeOne(consumer);
    expectOneTrace([
      ['POST /login', 1],
      [`send ${topic}`, 4],
      [`process ${topic}`, 5],
      ['receiver note_login', 1],
    ]);
  });

it('the endpoint keeps the spans that an exporter sends', async () => {
  provider.getTracer('app').startSpan('alone').end();
  await provider.forceFlush();
  expect(endpoint.spans).toMatchObject([{ name: 'alone' }]);
});
