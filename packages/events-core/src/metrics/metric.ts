/** The labels of a series, by the names of the OpenTelemetry conventions. */
export type MetricAttributes = Readonly<Record<string, string | boolean>>;

/** What a metric is, without its values. */
export interface MetricDefinition {
  /** As OpenTelemetry has it, e.g. `messaging.process.duration`. */
  readonly name: string;
  readonly description: string;
  /** In UCUM: `s`, `{event}`. */
  readonly unit: string;
}

/** One metric with the values of all its label sets, at one moment. */
export type Metric = MetricDefinition &
  (
    | {
        /** A counter grows since the process started; a gauge is the last value that was measured. */
        readonly kind: 'counter' | 'gauge';
        readonly series: readonly { readonly attributes: MetricAttributes; readonly value: number }[];
      }
    | {
        readonly kind: 'histogram';
        readonly series: readonly { readonly attributes: MetricAttributes; readonly value: HistogramValue }[];
      }
  );

/** A histogram since the process started. */
export interface HistogramValue {
  /** The upper bounds of the buckets, without the last, which has none. */
  readonly boundaries: readonly number[];
  /** The number of values in each bucket: one more than there are boundaries. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}
