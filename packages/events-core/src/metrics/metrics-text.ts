import type { HistogramValue, Metric, MetricAttributes } from './metric.js';
import { prometheusName } from './prometheus-name.js';

/** Renders metrics in the text format of Prometheus, version 0.0.4. */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics.map(familyText).join('');
}

function familyText(metric: Metric): string {
  const name = prometheusName(metric);
  const lines = [`# HELP ${name} ${metric.description}`, `# TYPE ${name} ${metric.kind}`];
  if (metric.kind === 'histogram') {
    for (const { attributes, value } of metric.series) lines.push(...histogramLines(name, attributes, value));
  } else {
    for (const { attributes, value } of metric.series) lines.push(`${name}${labels(attributes)} ${value}`);
  }
  return `${lines.join('\n')}\n`;
}

function histogramLines(name: string, attributes: MetricAttributes, value: HistogramValue): string[] {
  let below = 0;
  const buckets = value.counts.map((count, index) => {
    below += count;
    const le = value.boundaries[index] ?? '+Inf';
    return `${name}_bucket${labels({ ...attributes, le: String(le) })} ${below}`;
  });
  return [
    ...buckets,
    `${name}_sum${labels(attributes)} ${value.sum}`,
    `${name}_count${labels(attributes)} ${value.count}`,
  ];
}

function labels(attributes: MetricAttributes): string {
  const pairs = Object.entries(attributes).map(
    ([name, value]) => `${name.replaceAll('.', '_')}="${escaped(String(value))}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
