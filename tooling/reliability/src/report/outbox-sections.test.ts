import { describe, expect, it } from 'vitest';
import type { OutboxResult } from '../outbox/outbox-result.js';
import type { RunRecord } from '../results/run-record.js';
import { outboxSections } from './outbox-sections.js';

const record: RunRecord<OutboxResult> = {
  size: 'full',
  date: '2026-01-02T03:04:05.678Z',
  machine: 'a machine',
  result: {
    fault: 'F24',
    scenario: 'outbox-relay',
    bus: 'postgres',
    publishesOn: 'redis',
    seed: 7,
    faults: { writerKills: 0, relayKills: 50, relayFreezes: 10, databaseKills: 5 },
    committed: 200_000,
    published: 200_000,
    lost: 0,
    ghosts: 0,
    duplicates: 4_000,
    worstDuplicates: 900,
    orderViolations: 0,
    deadlocks: 0,
    parked: 0,
    left: 0,
    leaseMs: 2_000,
    worstTakeOverMs: 2_900,
    worstRecoveryMs: 3_100,
    durationMs: 200_000,
    badEnds: [],
    broken: ['1 deadlocks'],
  },
};

describe('outboxSections', () => {
  it('shows the figures of a run, how it is repeated, and what was not run', () => {
    const text = outboxSections([record]);
    expect(text).toContain(
      '| postgres, redis | 200,000 | 50 kills of the relay, 10 freezes of it, 5 kills of the database | **0** | 0 | 0 | 0 | 4,000, at most 900 | 2.9 s, lease 2.0 s | 3.1 s |\n',
    );
    expect(text).toContain(
      '- postgres: `npm run reliability -- --only outbox-relay --bus postgres --seed 7`',
    );
    expect(text).toContain('  - **not kept**: 1 deadlocks\n');
    expect(text).toContain('- mariadb: not run');
  });
});
