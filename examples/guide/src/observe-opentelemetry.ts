// #region opentelemetry
import { configureEvents } from '@openedx-ts/events-core';
import { eventMetrics } from '@openedx-ts/events-core/metrics';
import { histogramProducer, openTelemetry } from '@openedx-ts/events-core/opentelemetry';
import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';

/** Call it before the first event, e.g. with the exporters of OTLP/HTTP. @returns a function that exports the rest */
export function startOpenTelemetry(
  spans: SpanExporter,
  exporter: PushMetricExporter,
): () => Promise<unknown> {
  const sums = eventMetrics();
  const reader = new PeriodicExportingMetricReader({ exporter, metricProducers: [histogramProducer(sums)] });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(spans)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);
  configureEvents({ telemetry: openTelemetry({ metrics: sums }) });
  return () => Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()]);
}
// #endregion opentelemetry
