import { count, resolveOptions } from '../runtime/resolve-options.js';
import { noTelemetry, type Telemetry } from '../runtime/telemetry.js';
import type { Metric } from './metric.js';
import { MetricSums } from './metric-sums.js';
import { metricsText } from './metrics-text.js';
import { recordFact } from './record-fact.js';

/** Options of `eventMetrics`. */
export interface EventMetricsOptions {
  /**
   * How many label sets each metric may have. What exceeds it is counted in one more, with the label
   * `otel_metric_overflow`; gauges leave it out. @defaultValue 2000, as in the OpenTelemetry SDK
   */
  readonly maxSeries?: number;
}

/** Telemetry that sums what happens into metrics. */
export interface EventMetrics extends Telemetry {
  /** Returns every metric with its present values. A metric of which nothing happened has no series. */
  collect(): readonly Metric[];
  /**
   * Returns every metric in the text format of Prometheus, for the answer of an HTTP server. Send it with the content type
   * `text/plain; version=0.0.4; charset=utf-8`. Names are those that Prometheus gives to the metrics of OpenTelemetry, so
   * that dashboards and alerts fit both: `messaging.process.duration` is `messaging_process_duration_seconds`.
   */
  metricsText(): string;
}

/**
 * Creates telemetry that sums what happens in this process: give it to `configureEvents` at the start. Labels are names
 * of topics, groups, event types, receivers and error codes; never a key, data of an event, or a text of an error.
 *
 * @throws InvalidOptionsError
 */
export function eventMetrics(options: EventMetricsOptions = {}): EventMetrics {
  const { maxSeries } = resolveOptions<Required<EventMetricsOptions>>('event metrics', options, {
    maxSeries: count(1, 2_000),
  });
  const sums = new MetricSums(maxSeries);
  const collect = () => sums.collect();
  return {
    ...noTelemetry,
    record: (fact) => recordFact(sums, fact),
    collect,
    metricsText: () => metricsText(collect()),
  };
}
