import type { Logger } from './logger.js';
import { noTelemetry, type Telemetry } from './telemetry.js';
import type { TelemetryFact } from './telemetry-fact.js';

/** Telemetry that keeps its facts. */
export function recordingTelemetry(): Telemetry & { readonly facts: TelemetryFact[] } {
  const facts: TelemetryFact[] = [];
  return { ...noTelemetry, record: (fact) => facts.push(fact), facts };
}

/** One thing that was logged. */
export interface LogLine {
  readonly level: keyof Logger;
  readonly facts: object;
  readonly message: string;
}

/** A logger that keeps its lines. */
export function recordingLogger(): Logger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: keyof Logger) => (facts: object, message: string) => {
    lines.push({ level, facts, message });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), lines };
}
