import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { route, startEventBus } from '@openedx-ts/events-core';
import { isolateSignals } from '@openedx-ts/events-testing';
import { context, metrics, trace } from '@opentelemetry/api';
import { AggregationTemporality, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { expect, it, onTestFinished } from 'vitest';
import { startOpenTelemetry } from './observe-opentelemetry.js';
import { serveMetrics } from './observe-prometheus.js';

const data = { course: { course_key: 'course-v1:edX+DemoX+2026' } };

/** Sends an event over a bus and back. */
async function sendAndReceive(): Promise<void> {
  await using bus = await startEventBus({
    bus: memoryEventBus(new MemoryBroker()),
    routes: [route(COURSE_CREATED, { topic: 'courses', eventKeyField: 'course.course_key' })],
  });
  const consumer = await bus.createConsumer({ topics: ['courses'], groupId: 'search' });
  const running = consumer.run();
  await consumer.ready;
  const arrived = new Promise<void>((resolve) => {
    COURSE_CREATED.connect(
      ({ fromEventBus }) => {
        if (fromEventBus) resolve();
      },
      { name: 'index_course' },
    );
  });
  await COURSE_CREATED.sendEvent(data);
  await arrived;
  await consumer.close();
  await running;
}

it('the code of the guide serves metrics to Prometheus', async () => {
  using _signals = isolateSignals();
  const server = serveMetrics().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  await sendAndReceive();
  const { port } = server.address() as AddressInfo;
  const text = await (await fetch(`http://127.0.0.1:${port}/`)).text();
  expect(text).toMatch(/^messaging_client_sent_messages_total\{.*messaging_system="memory".*\} 1$/m);
  expect(text).toMatch(/^messaging_client_consumed_messages_total\{.*"courses".*"search".*\} 1$/m);
});

it('the code of the guide exports spans and metrics with OpenTelemetry', async () => {
  using _signals = isolateSignals();
  onTestFinished(() => {
    for (const api of [context, trace, metrics]) api.disable();
  });
  const spans = new InMemorySpanExporter();
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const names: string[] = [];
  const stop = startOpenTelemetry(
    {
      ...{ shutdown: () => spans.shutdown() },
      export: (batch, done) => {
        names.push(...batch.map(({ name }) => name));
        done({ code: 0 });
      },
    },
    exporter,
  );
  await sendAndReceive();
  let found: readonly string[] = [];
  await stop().then(() => {
    found = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
      .map(({ descriptor }) => descriptor.name);
  });
  expect(names.sort()).toEqual([
    'process courses',
    'receiver index_course',
    'receiver route:courses',
    'send courses',
  ]);
  expect(found).toContain('messaging.client.sent.messages');
});
