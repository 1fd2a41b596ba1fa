import { describe, expect, it } from 'vitest';
import { fineSoak } from '../soak/soak-result.test-support.js';
import { soakSection } from './soak-section.js';

const record = {
  size: 'full',
  date: '2026-01-02T03:04:05.678Z',
  machine: 'a machine',
  result: fineSoak,
} as const;

describe('soakSection', () => {
  it('shows the figures of a soak, and how it is repeated', () => {
    const section = soakSection([record]);
    expect(section).toContain('| redis | 3,600,000 | 2,000 | 30.0 | **0** | 0 | 0 | 0 | 12 ms |\n');
    expect(section).toContain(
      '| redis, producer | 150 | **−0.10** (−0.25 to 0.05) | 12.3 → 12.3 | 3.0 → 3.0 | 0.1 → 0.1 | 90.0 → 91.0 |\n',
    );
    expect(section).toContain('| redis, producer | handles TCPSocketWrap 2 → 2 |\n');
    expect(section).toContain(
      '- redis: `npm run reliability -- --only soak --bus redis --seed 7`, seed 7, 2026-01-02 03:04 UTC, a machine\n',
    );
  });

  it('reports missing runs and broken guarantees', () => {
    const section = soakSection([{ ...record, result: { ...fineSoak, broken: ['2 events lost'] } }]);
    expect(section).toContain('- kafka: not run');
    expect(section).toContain('  - **not kept**: 2 events lost\n');
    expect(soakSection([])).toContain('| redis | not run |||||||| |\n');
  });
});
