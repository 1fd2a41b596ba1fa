import { type MeterProvider, metrics as metricsApi, type TracerProvider, trace } from '@opentelemetry/api';
import { type EventMetrics, eventMetrics } from '../metrics/event-metrics.js';
import { anything, durationMs, oneOf, resolveOptions } from '../runtime/resolve-options.js';
import type { Telemetry } from '../runtime/telemetry.js';
import { EventSpans, type SpanCorrelation } from './event-spans.js';
import { instrumentationScope } from './instrumentation-scope.js';
import { observeMetrics } from './observe-metrics.js';

/** Options of `openTelemetry`. */
export interface OpenTelemetryOptions {
  /**
   * `'parent'`: the span of processing an event is a child of the span that sent it, and linked to it; one trace shows both.
   * Of an event that is delivered again, redriven, or older than `parentMaxAgeMs`, it starts a trace of its own, and is linked.
   * `'link'`: it always does. @defaultValue 'parent'
   */
  readonly correlation?: 'parent' | 'link';
  /** Up to which age of an event a span is a child; older events are backlogs and replays. @defaultValue 300000 */
  readonly parentMaxAgeMs?: number;
  /** The sums that become metrics; `histogramProducer` takes the same. @defaultValue sums of its own, without histograms */
  readonly metrics?: EventMetrics;
  /** Creates the spans. @defaultValue the global one, also where it is registered later */
  readonly tracerProvider?: TracerProvider;
  /** Creates the counters and gauges. @defaultValue the global one, which must be registered before */
  readonly meterProvider?: MeterProvider;
}

/** Telemetry that makes spans and metrics of OpenTelemetry. */
export interface OpenTelemetry extends Telemetry, Disposable {
  /** The sums behind the metrics. */
  readonly metrics: EventMetrics;
  /** Ends the metrics of the meter provider. Safe to call twice. */
  close(): void;
}

/**
 * Creates telemetry that reports to OpenTelemetry: give it to `configureEvents` after the SDK was started. Names and
 * attributes are those of the semantic conventions for messaging, 1.45.0. A key, data of an event and texts of errors are
 * never reported.
 *
 * @throws InvalidOptionsError
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): OpenTelemetry {
  const resolved = resolveOptions<SpanCorrelation & Providers>('OpenTelemetry', options, {
    correlation: oneOf(['parent', 'link'], 'parent'),
    parentMaxAgeMs: durationMs(300_000),
    metrics: anything<EventMetrics | undefined>(undefined),
    tracerProvider: anything<TracerProvider | undefined>(undefined),
    meterProvider: anything<MeterProvider | undefined>(undefined),
  });
  const { metrics = eventMetrics(), tracerProvider = trace, meterProvider = metricsApi } = resolved;
  const { name, version } = instrumentationScope;
  const spans = new EventSpans(tracerProvider.getTracer(name, version), resolved);
  const close = observeMetrics(metrics, meterProvider);
  return {
    metrics,
    record: (fact) => metrics.record(fact),
    traceContext: () => spans.traceContext(),
    send: (event) => spans.send(event),
    process: (event, run) => spans.process(event, run),
    runReceiver: (receiver, run) => spans.runReceiver(receiver, run),
    close,
    [Symbol.dispose]: close,
  };
}

type Providers = Pick<OpenTelemetryOptions, 'metrics' | 'tracerProvider' | 'meterProvider'>;
