import { openTelemetry } from '@openedx-ts/events-core/opentelemetry';
import { context, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { median } from '../measure.js';

/** What the spans of an event cost, in microseconds of CPU time: with `openTelemetry`, and by the calls of the SDK alone. */
export interface SpanCosts {
  readonly send: SpanCost;
  readonly process: SpanCost;
}

/** One span. */
export interface SpanCost {
  readonly ours: number;
  /** The same span, with the same attributes, by the SDK alone: nobody can make it for less. */
  readonly sdk: number;
}

/** Measures both kinds of span, sampled at 10 %, in turn; their exporter discards them. */
export async function spanCosts(): Promise<SpanCosts> {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracerProvider = new BasicTracerProvider({
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.1) }),
    spanProcessors: [new BatchSpanProcessor(discarding)],
  });
  const tracer = tracerProvider.getTracer('floor');
  using telemetry = openTelemetry({ tracerProvider });
  const subjects = {
    'send, ours': () => telemetry.send?.(SENT)?.accepted('0:17'),
    'send, SDK': () => sdkSend(tracer),
    'process, ours': () => void telemetry.process(CONSUMED, nothing),
    'process, SDK': () => sdkProcess(tracer),
  };
  const costs = new Map<string, number[]>(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round < WARM_UPS + ROUNDS; round += 1)
    for (const [name, once] of Object.entries(subjects)) {
      const { user, system } = process.cpuUsage();
      for (let count = 0; count < SPANS; count += 1) once();
      await tracerProvider.forceFlush(); // the exporter takes the sampled ones
      const used = process.cpuUsage();
      if (round >= WARM_UPS) costs.get(name)?.push((used.user + used.system - user - system) / SPANS);
    }
  await tracerProvider.shutdown();
  const cost = (name: keyof typeof subjects) => median(costs.get(name) ?? []);
  return {
    send: { ours: cost('send, ours'), sdk: cost('send, SDK') },
    process: { ours: cost('process, ours'), sdk: cost('process, SDK') },
  };
}

const WARM_UPS = 3;
const ROUNDS = 15;
const SPANS = 10_000;

function nothing(): void {}

const SENT = {
  system: 'kafka',
  eventType: 'org.openedx.learning.course.enrollment.created.v1',
  eventId: '0199c0de-0000-7000-8000-000000000000',
  topic: 'enrollments',
  trace: null,
} as const;

const CONSUMED = {
  ...SENT,
  groupId: 'mail',
  position: '0:17',
  attempt: 1,
  deliveryCount: 1,
  isRedriven: false,
  sentAt: null,
} as const;

function sdkSend(tracer: Tracer): void {
  const attributes = {
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
    'messaging.system': SENT.system,
    'messaging.destination.name': SENT.topic,
    'cloudevents.event_type': SENT.eventType,
    'messaging.message.id': SENT.eventId,
  };
  const span = tracer.startSpan(NAMES.send, { kind: SpanKind.PRODUCER, attributes }, context.active());
  span.setAttribute('openedx.events.position', '0:17');
  span.end();
}

function sdkProcess(tracer: Tracer): void {
  const attributes = {
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.system': CONSUMED.system,
    'messaging.destination.name': CONSUMED.topic,
    'messaging.consumer.group.name': CONSUMED.groupId,
    'cloudevents.event_type': CONSUMED.eventType,
    'messaging.message.id': CONSUMED.eventId,
    'openedx.events.position': CONSUMED.position,
    'openedx.events.attempt': CONSUMED.attempt,
  };
  const options = { kind: SpanKind.CONSUMER, attributes, links: [], root: true };
  const span = tracer.startSpan(NAMES.process, options, context.active());
  context.with(trace.setSpan(context.active(), span), nothing);
  span.end();
}

const NAMES = { send: 'send enrollments', process: 'process enrollments' };

const discarding: SpanExporter = {
  export: (_spans, done) => done({ code: 0 }),
  shutdown: async () => {},
};
