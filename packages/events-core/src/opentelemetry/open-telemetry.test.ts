import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeEventBusConsumer } from '../consuming/fake-event-bus-consumer.test-support.js';
import { deliveryOf, messageOf } from '../consuming/types/deliveries.test-support.js';
import { createMetadata } from '../metadata/create-metadata.js';
import { eventMetrics } from '../metrics/event-metrics.js';
import { FakeEventBusProducer } from '../producing/fake-event-bus-producer.test-support.js';
import { ManualClock, settle } from '../runtime/manual-clock.test-support.js';
import { recordingLogger } from '../runtime/recording.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import { defineCount } from '../signals/count-changed.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import { jsonCodec, plainWireFormat } from '../wire/json-codec.test-support.js';
import type { Message } from '../wire/message.js';
import { histogramProducer } from './histogram-producer.js';
import { messagingConventions } from './messaging-conventions.test-support.js';
import { type OpenTelemetryOptions, openTelemetry } from './open-telemetry.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const sent = { traceparent: `00-${traceId}-${spanId}-01` };

let exporter = new InMemorySpanExporter();
let tracerProvider = new BasicTracerProvider();
let clock = new ManualClock();
let signal: ReturnType<typeof defineCount>;

/** A reader that is asked by the test. */
class ManualReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

beforeEach(() => {
  const restore = snapshotSignals();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  exporter = new InMemorySpanExporter();
  tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  clock = new ManualClock('2026-01-02T03:04:05Z');
  configureEvents({ clock, logger: recordingLogger(), random: () => 1 });
  signal = defineCount();
  return () => {
    context.disable();
    restore();
  };
});
afterEach(() => tracerProvider.shutdown());

function start(options: OpenTelemetryOptions = {}) {
  const telemetry = openTelemetry({ tracerProvider, ...options });
  configureEvents({ telemetry });
  return telemetry;
}

const spansNamed = (name: string): readonly ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.name === name);

const headerOf = (message: Message | undefined, wanted: string) =>
  Buffer.from(message?.headers.find(([name]) => name === wanted)?.[1] ?? '').toString();

/** Sends an event and returns its message. */
async function send(producer: FakeEventBusProducer): Promise<Message | undefined> {
  const metadata = createMetadata({ eventType: signal.eventType });
  const event = { signal, topic: 'counts', eventKeyField: 'count', data: { count: 1 }, metadata } as const;
  await producer.send(event).catch(() => {});
  return producer.calls.at(-1)?.messages[0];
}

const accepting = () =>
  new FakeEventBusProducer({ answer: ({ messages }) => messages.map(() => ({ position: '0:17' })) });

/** Consumes deliveries of these messages until all are handled. */
async function consume(messages: readonly Message[], deliveryCount = 1): Promise<void> {
  const consumer = new FakeEventBusConsumer(
    { maxAttempts: 2 },
    { codec: jsonCodec, wireFormat: plainWireFormat },
  );
  const running = consumer.run();
  consumer.push(messages.map((message, index) => ({ ...deliveryOf(message, index + 1), deliveryCount })));
  await settle();
  await clock.advance(60_000);
  await consumer.close();
  await running;
}

const traced = (trace = sent) =>
  messageOf(signal, { count: 1 }, [['traceparent', Buffer.from(trace.traceparent)]]);

describe('the span of a send', () => {
  it('is a child of the span in which the event was sent, ends with the receipt, and travels with the event', async () => {
    start();
    const producer = accepting();
    const tracer = tracerProvider.getTracer('app');
    const message = await tracer.startActiveSpan('request', async (request) => {
      const made = await send(producer);
      request.end();
      return made;
    });
    const [span] = spansNamed('send counts');
    const [request] = spansNamed('request');
    expect(span).toMatchObject({ kind: SpanKind.PRODUCER, status: { code: SpanStatusCode.UNSET } });
    expect(span?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(span?.attributes).toEqual({
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.system': 'kafka',
      'messaging.destination.name': 'counts',
      'messaging.message.id': expect.stringMatching(/^[\da-f-]{36}$/),
      'cloudevents.event_type': signal.eventType,
      'openedx.events.position': '0:17',
    });
    const own = span?.spanContext();
    expect(headerOf(message, 'traceparent')).toBe(`00-${own?.traceId}-${own?.spanId}-01`);
  });

  it('continues the trace of an event that was stored in an outbox', async () => {
    start();
    const producer = accepting();
    const metadata = createMetadata({ eventType: signal.eventType, trace: sent });
    const codec = await jsonCodec.bind(signal as never);
    const key = codec.key('count').encode({ count: 1 } as never);
    const record = codec.encode({ count: 1 } as never);
    await producer.publishEncoded([{ metadata, topic: 'counts', record, schema: codec.schema, key }]);
    const [span] = spansNamed('send counts');
    expect([span?.spanContext().traceId, span?.parentSpanContext?.spanId]).toEqual([traceId, spanId]);
    expect(headerOf(producer.calls[0]?.messages[0], 'traceparent')).toContain(span?.spanContext().spanId);
  });

  it('has the code of an error, and neither its text nor anything of the event', async () => {
    start();
    const error = new Error('secret text of ada@example.org');
    await send(new FakeEventBusProducer({ answer: ({ messages }) => messages.map(() => ({ error })) }));
    const [span] = spansNamed('send counts');
    expect(span).toMatchObject({ status: { code: SpanStatusCode.ERROR }, events: [] });
    expect(span?.attributes['error.type']).toBe('EVENTS_PRODUCE_FAILED');
    expect(JSON.stringify([span?.status, span?.attributes])).not.toMatch(/\bada\b/);
  });

  it('is none, and no header is written, where no SDK makes spans', async () => {
    configureEvents({ telemetry: openTelemetry({ tracerProvider: trace }) });
    const message = await send(accepting());
    expect(message?.headers.map(([name]) => name)).not.toContain('traceparent');
  });
});

describe('the span of processing', () => {
  it('is a child of the send and linked to it, and each receiver has a span in it', async () => {
    start();
    signal.connect(async () => {}, { name: 'first' });
    signal.connect(() => {}, { name: 'second' });
    await consume([traced()]);
    const [span] = spansNamed('process counts');
    expect(span).toMatchObject({ kind: SpanKind.CONSUMER, links: [{ context: { traceId, spanId } }] });
    expect([span?.spanContext().traceId, span?.parentSpanContext?.spanId]).toEqual([traceId, spanId]);
    expect(span?.attributes).toEqual({
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.system': 'kafka',
      'messaging.destination.name': 'counts',
      'messaging.consumer.group.name': 'g',
      'messaging.message.id': expect.stringMatching(/^[\da-f-]{36}$/),
      'cloudevents.event_type': signal.eventType,
      'openedx.events.position': '0:1',
      'openedx.events.attempt': 1,
    });
    for (const receiver of [...spansNamed('receiver first'), ...spansNamed('receiver second')]) {
      expect(receiver.kind).toBe(SpanKind.INTERNAL);
      expect(receiver.parentSpanContext?.spanId).toBe(span?.spanContext().spanId);
    }
    expect(exporter.getFinishedSpans()).toHaveLength(3);
  });

  it('is the parent of what its receivers send', async () => {
    start();
    const producer = accepting();
    signal.connect(() => send(producer), { name: 'forward' });
    await consume([traced()]);
    const [receiver] = spansNamed('receiver forward');
    const [span] = spansNamed('send counts');
    expect(span?.parentSpanContext?.spanId).toBe(receiver?.spanContext().spanId);
    expect(span?.spanContext().traceId).toBe(traceId);
  });

  it.each<[string, OpenTelemetryOptions, number, () => Promise<unknown>]>([
    ['of a redelivery', {}, 2, async () => {}],
    ['of an old event, such as one that is replayed', {}, 1, () => clock.advance(300_001)],
    ['with correlation: link', { correlation: 'link' }, 1, async () => {}],
  ])('%s starts a trace of its own and is linked', async (_, options, deliveryCount, before) => {
    start(options);
    signal.connect(() => {});
    const message = traced();
    await before();
    await consume([message], deliveryCount);
    const [span] = spansNamed('process counts');
    expect(span?.parentSpanContext).toBeUndefined();
    expect(span?.spanContext().traceId).not.toBe(traceId);
    expect(span?.links).toMatchObject([{ context: { traceId, spanId } }]);
  });

  it('of a dead letter that is redriven starts a trace of its own and is linked', async () => {
    start();
    const message = traced();
    await consume([{ ...message, headers: [...message.headers, ['dlq-redrives', Buffer.from('1')]] }]);
    const [span] = spansNamed('process counts');
    expect(span?.parentSpanContext).toBeUndefined();
    expect(span?.links).toMatchObject([{ context: { traceId, spanId } }]);
  });

  it('shows a receiver that failed by the code of its error, once for each attempt', async () => {
    start();
    signal.connect(() => Promise.reject(new Error('ada@example.org')), { name: 'broken' });
    await consume([traced()]);
    const spans = [...spansNamed('process counts'), ...spansNamed('receiver broken')];
    expect(spans).toHaveLength(4);
    for (const { status, attributes, events } of spans) {
      expect([status, events]).toEqual([{ code: SpanStatusCode.ERROR }, []]);
      expect(attributes['error.type']).toBe('RECEIVER_FAILED');
    }
  });
});

describe('metrics', () => {
  it('reach a reader: counters and gauges by instruments, histograms by the producer', async () => {
    const metrics = eventMetrics();
    const reader = new ManualReader({ metricProducers: [histogramProducer(metrics)] });
    start({ metrics, meterProvider: new MeterProvider({ readers: [reader] }) });
    await send(accepting());
    signal.connect(() => {});
    await consume([traced()]);
    const { resourceMetrics, errors } = await reader.collect();
    expect(errors).toEqual([]);
    const found = new Map(
      resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.map((metric) => [metric.descriptor.name, metric] as const),
      ),
    );
    expect(found.get('messaging.client.sent.messages')?.dataPoints).toMatchObject([{ value: 1 }]);
    expect(found.get('messaging.client.consumed.messages')?.dataPoints).toMatchObject([{ value: 1 }]);
    expect(found.get('messaging.process.duration')).toMatchObject({
      descriptor: { unit: 's' },
      dataPoints: [{ value: { count: 1, buckets: { boundaries: messagingConventions.durationBoundaries } } }],
    });
  });

  it('end when the telemetry is closed', async () => {
    const reader = new ManualReader();
    const meterProvider = new MeterProvider({ readers: [reader] });
    const telemetry = start({ meterProvider });
    await send(accepting());
    telemetry.close();
    telemetry.close();
    const { resourceMetrics } = await reader.collect();
    expect(resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics)).toEqual([]);
  });

  it('spans and attributes of messaging are those of the conventions', async () => {
    const telemetry = start();
    await send(accepting());
    signal.connect(() => {});
    await consume([traced()]);
    for (const { name, unit, kind, series } of telemetry.metrics.collect()) {
      if (!name.startsWith('messaging.')) continue;
      expect({ name, unit, kind }).toEqual(messagingConventions.metrics.find((known) => known.name === name));
      for (const { attributes } of series)
        for (const attribute of Object.keys(attributes))
          expect(messagingConventions.attributes).toContain(attribute);
    }
    for (const { operation, kind } of messagingConventions.spans)
      expect(spansNamed(`${operation} counts`)).toMatchObject([{ kind: SpanKind[kind] }]);
    for (const span of exporter.getFinishedSpans()) {
      for (const attribute of Object.keys(span.attributes))
        if (!attribute.startsWith('openedx.events.'))
          expect(messagingConventions.attributes).toContain(attribute);
    }
  });
});
