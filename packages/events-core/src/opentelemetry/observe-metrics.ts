import type { BatchObservableCallback, Meter, MeterProvider, Observable } from '@opentelemetry/api';
import type { EventMetrics } from '../metrics/event-metrics.js';
import type { Metric } from '../metrics/metric.js';
import { instrumentationScope } from './instrumentation-scope.js';

/**
 * Hands the sums to the readers of a meter provider when they collect: counters and gauges, of which OpenTelemetry has
 * observable instruments. Histograms go through `histogramProducer`.
 *
 * @returns a function that ends it
 */
export function observeMetrics(metrics: EventMetrics, provider: MeterProvider): () => void {
  const { name, version } = instrumentationScope;
  const meter = provider.getMeter(name, version);
  const instruments = new Map<string, Observable>();
  for (const metric of metrics.collect()) {
    if (metric.kind !== 'histogram') instruments.set(metric.name, instrumentOf(meter, metric));
  }
  const observe: BatchObservableCallback = (result) => {
    for (const metric of metrics.collect()) {
      const instrument = instruments.get(metric.name);
      if (metric.kind === 'histogram' || instrument === undefined) continue;
      for (const { attributes, value } of metric.series) result.observe(instrument, value, { ...attributes });
    }
  };
  const observables = [...instruments.values()];
  meter.addBatchObservableCallback(observe, observables);
  return () => meter.removeBatchObservableCallback(observe, observables);
}

function instrumentOf(meter: Meter, { name, description, unit, kind }: Metric): Observable {
  const options = { description, unit };
  if (kind === 'counter') return meter.createObservableCounter(name, options);
  return meter.createObservableGauge(name, options);
}
