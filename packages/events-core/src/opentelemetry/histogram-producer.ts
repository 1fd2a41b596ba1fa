import { type HrTime, ValueType } from '@opentelemetry/api';
import type { EventMetrics } from '../metrics/event-metrics.js';
import type { HistogramValue, Metric } from '../metrics/metric.js';
import { runtime } from '../runtime/runtime.js';
import { instrumentationScope } from './instrumentation-scope.js';

/**
 * A `MetricProducer` of `@opentelemetry/sdk-metrics`, for the option `metricProducers` of a reader. Its histograms are
 * cumulative.
 */
export interface HistogramProducer {
  /** Called by the reader. Never rejects. */
  collect(): Promise<CollectedHistograms>;
}

/** What a `MetricProducer` returns, as far as a reader uses it. */
interface CollectedHistograms {
  readonly resourceMetrics: {
    /** A reader uses that of its provider. */
    readonly resource: never;
    readonly scopeMetrics: {
      readonly scope: { readonly name: string; readonly version: string };
      readonly metrics: HistogramData[];
    }[];
  };
  readonly errors: unknown[];
}

interface HistogramData {
  readonly descriptor: {
    readonly name: string;
    readonly description: string;
    readonly unit: string;
    readonly valueType: ValueType;
  };
  readonly aggregationTemporality: typeof CUMULATIVE;
  readonly dataPointType: typeof HISTOGRAM;
  readonly dataPoints: {
    readonly startTime: HrTime;
    readonly endTime: HrTime;
    readonly attributes: Record<string, string | boolean>;
    readonly value: {
      readonly buckets: { readonly boundaries: number[]; readonly counts: number[] };
      readonly sum: number;
      readonly count: number;
    };
  }[];
}

/** `AggregationTemporality` and `DataPointType` of the SDK, which is no dependency. */
const CUMULATIVE = 1;
const HISTOGRAM = 0;

/**
 * Creates the producer of the histograms of durations: give it to the reader of the SDK as one of its `metricProducers`, and
 * the same sums to `openTelemetry`. OpenTelemetry has no observable instrument for histograms.
 */
export function histogramProducer(metrics: EventMetrics): HistogramProducer {
  const startTime = hrTime();
  return {
    collect: async () => {
      const endTime = hrTime();
      const histograms = metrics.collect().filter((metric) => metric.kind === 'histogram');
      return {
        resourceMetrics: {
          resource: undefined as never,
          scopeMetrics: [
            {
              scope: instrumentationScope,
              metrics: histograms.map((metric) => histogramData(metric, startTime, endTime)),
            },
          ],
        },
        errors: [],
      };
    },
  };
}

function histogramData(
  { name, description, unit, series }: Metric & { readonly kind: 'histogram' },
  startTime: HrTime,
  endTime: HrTime,
): HistogramData {
  return {
    descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: CUMULATIVE,
    dataPointType: HISTOGRAM,
    dataPoints: series.map(({ attributes, value }) => ({
      startTime,
      endTime,
      attributes: { ...attributes },
      value: bucketsOf(value),
    })),
  };
}

function bucketsOf({ boundaries, counts, sum, count }: HistogramValue) {
  return { buckets: { boundaries: [...boundaries], counts: [...counts] }, sum, count };
}

function hrTime(): HrTime {
  const now = runtime().clock.now();
  return [Math.floor(now / 1_000), Math.round((now % 1_000) * 1_000_000)];
}
