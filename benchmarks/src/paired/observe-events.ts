import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';

/** What watches the events of a worker: nothing, sums for metrics, or these and spans that are sampled at 10 %. */
export type Observed = 'nothing' | 'metrics' | 'spans';

/** Starts telemetry with the packages of a built clone. */
export async function observeEvents(clone: string, observed: Exclude<Observed, 'nothing'>): Promise<void> {
  const load = (file: string) =>
    import(pathToFileURL(join(clone, 'packages/events-core/dist', file)).href) as Promise<unknown>;
  const { configureEvents } = (await load('index.js')) as typeof import('@openedx-ts/events-core');
  if (observed === 'metrics') {
    const { eventMetrics } = (await load('metrics.js')) as typeof import('@openedx-ts/events-core/metrics');
    configureEvents({ telemetry: eventMetrics() });
    return;
  }
  const { openTelemetry } = (await load(
    'opentelemetry.js',
  )) as typeof import('@openedx-ts/events-core/opentelemetry');
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracerProvider = new BasicTracerProvider({
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.1) }),
    spanProcessors: [new BatchSpanProcessor(discarding)],
  });
  configureEvents({ telemetry: openTelemetry({ tracerProvider }) });
}

/** What an exporter costs depends on the exporter. */
const discarding: SpanExporter = {
  export: (_spans, done) => done({ code: 0 }),
  shutdown: async () => {},
};
