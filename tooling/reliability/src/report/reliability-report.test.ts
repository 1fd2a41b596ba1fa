import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reportFile, resultsFolder } from '../paths.js';
import { readResultFiles } from '../results/result-files.js';
import type { RunRecord } from '../results/run-record.js';
import type { RunResult } from '../run-result.js';
import type { Scenario } from '../scenario.js';
import { scenarios } from '../scenarios/scenarios.js';
import { reliabilityReport } from './reliability-report.js';

const size = { events: 1, faults: 1 };
const scenario: Scenario = {
  fault: 'F2',
  name: 'kills',
  title: 'a member is killed',
  buses: ['redis', 'kafka'],
  sizes: { test: size, short: size, full: size },
  run: async () => {},
};
const result: RunResult = {
  fault: 'F2',
  scenario: 'kills',
  bus: 'redis',
  seed: 7,
  faults: 50,
  accepted: 200_000,
  rejected: 0,
  handled: 200_000,
  lost: 0,
  ghosts: 0,
  duplicates: 1_230,
  redelivered: 1_240,
  worstRedelivered: 99,
  redeliveredOtherwise: 3,
  orderViolations: null,
  deadLetters: null,
  effects: null,
  worstRecoveryMs: 1_830,
  longestPauseMs: 2_100,
  worstOutageMs: 0,
  slowestSendMs: 12,
  durationMs: 60_000,
  left: { stored: 200_000, pending: 0, unread: 0 },
  badEnds: [],
  broken: [],
};
const record = (changes: Partial<RunResult>, others: Partial<RunRecord> = {}): RunRecord => ({
  size: 'full',
  date: '2026-01-02T03:04:05.678Z',
  machine: 'a machine',
  ...others,
  result: { ...result, ...changes },
});

describe('RELIABILITY.md', () => {
  it('is what the kept results give (npm run reliability -- --write)', () => {
    expect(readFileSync(reportFile, 'utf8')).toBe(
      reliabilityReport(scenarios, readResultFiles(resultsFolder)),
    );
  });
});

describe('reliabilityReport', () => {
  it('shows the figures of a run, and how it is repeated', () => {
    const report = reliabilityReport([scenario], [record({})]);
    expect(report).toContain(
      '| redis | 200,000 | 50 | **0** | 0 | – | 1,230 | 1,240, at most 99 (3) | – | – | – | 1.8 s | 2.1 s |\n',
    );
    expect(report).toContain(
      '- redis: `npm run reliability -- --only kills --bus redis --seed 7`, seed 7, 60.0 s, 2026-01-02 03:04 UTC, a machine\n',
    );
  });

  it('counts apart what a killed primary may take with it', () => {
    const report = reliabilityReport([scenario], [record({ lost: 2 })]);
    expect(report).toContain('**0 lost**');
    expect(report).toContain('Killed primaries took 2 more with them');
  });

  it('reports missing runs and broken guarantees', () => {
    const report = reliabilityReport([scenario], [record({ lost: 2, broken: ['2 events lost'] })]);
    expect(report).toContain('- kafka: not run\n');
    expect(report).toContain('**2 lost**');
    expect(report).toContain('Not run: 1,');
    expect(report).toContain('  - **not kept**: 2 events lost\n');
  });

  it('reports how long partitions accepted nothing', () => {
    const report = reliabilityReport([scenario], [record({ pauses: { affectedMs: 4_200, othersMs: null } })]);
    expect(report).toContain(
      'at most 4.2 s for partitions that the fault affects, not measured for others\n',
    );
  });

  it('uses the newest full run, and a short one only while there is no full one', () => {
    const older = record({ faults: 41 }, { date: '2026-01-01T00:00:00.000Z' });
    const newer = record({ faults: 42 });
    const short = record({ faults: 43 }, { date: '2026-01-03T00:00:00.000Z', size: 'short' });
    expect(reliabilityReport([scenario], [short, newer, older])).toContain('| redis | 200,000 | 42 |');
    expect(reliabilityReport([scenario], [short])).toContain('| redis (short) | 200,000 | 43 |');
    expect(reliabilityReport([scenario], [short])).toContain('--bus redis --short --seed 7`');
  });
});
