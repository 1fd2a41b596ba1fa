import type { Metric } from './metric.js';

/** The name of a metric in Prometheus, by the rules of OpenTelemetry: with its unit, and `_total` for a counter. */
export function prometheusName({ name, unit, kind }: Pick<Metric, 'name' | 'unit' | 'kind'>): string {
  const unitSuffix = unit === 's' ? '_seconds' : '';
  const kindSuffix = kind === 'counter' ? '_total' : '';
  return `${name.replaceAll('.', '_')}${unitSuffix}${kindSuffix}`;
}
