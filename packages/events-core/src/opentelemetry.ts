export { type HistogramProducer, histogramProducer } from './opentelemetry/histogram-producer.js';
export {
  type OpenTelemetry,
  type OpenTelemetryOptions,
  openTelemetry,
} from './opentelemetry/open-telemetry.js';
