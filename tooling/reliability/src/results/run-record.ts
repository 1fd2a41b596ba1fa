import { cpus, type as system } from 'node:os';
import type { OutageResult } from '../outbox/outages/outage-result.js';
import { outboxOutages } from '../outbox/outages/outbox-outages.js';
import type { OutboxResult } from '../outbox/outbox-result.js';
import { outboxScenarios } from '../outbox/outbox-scenarios.js';
import type { RunResult } from '../run-result.js';
import type { SizeName } from '../scenario.js';
import { scenarios } from '../scenarios/scenarios.js';
import type { SoakResult } from '../soak/soak-result.js';

/** A run as it is kept: what came of it, and how and where it was done. */
export interface RunRecord<Result extends AnyResult = RunResult> {
  readonly size: SizeName;
  /** When it was over, in ISO form. */
  readonly date: string;
  /** What it ran on. */
  readonly machine: string;
  readonly result: Result;
}

export type AnyResult = RunResult | OutboxResult | OutageResult | SoakResult;

/** The record of a fault, of one of a service with an outbox, or of a soak. */
export type AnyRecord = RunRecord<AnyResult>;

export function isSoakRecord(record: AnyRecord): record is RunRecord<SoakResult> {
  return record.result.scenario === 'soak';
}

export function isOutboxRecord(record: AnyRecord): record is RunRecord<OutboxResult> {
  return outboxScenarios.some(({ name }) => name === record.result.scenario);
}

export function isOutageRecord(record: AnyRecord): record is RunRecord<OutageResult> {
  return record.result.scenario === outboxOutages.name;
}

/** The record of a run that has just ended here. */
export function recordOf<Result extends AnyResult>(result: Result, size: SizeName): RunRecord<Result> {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${system()}, Node ${process.version}`;
  return { size, date: new Date().toISOString(), machine, result };
}

/** What repeats a run. */
export function commandOf({ size, result }: Pick<AnyRecord, 'size' | 'result'>) {
  const { scenario, bus, seed } = result;
  const against = 'against' in result ? ` --against <clone at ${result.against}>` : '';
  const short = size === 'short' ? ' --short' : '';
  const isCluster = scenarios.some(({ name, needsCluster }) => name === scenario && needsCluster === true);
  const cluster = isCluster ? ' --cluster' : '';
  return `npm run reliability -- --only ${scenario}${cluster}${against} --bus ${bus}${short} --seed ${seed}`;
}
