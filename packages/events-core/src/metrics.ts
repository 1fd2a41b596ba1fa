export { type EventMetrics, type EventMetricsOptions, eventMetrics } from './metrics/event-metrics.js';
export type { HistogramValue, Metric, MetricAttributes, MetricDefinition } from './metrics/metric.js';
