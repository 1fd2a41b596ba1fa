import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiReports } from '../api-reports/api-reports.mjs';
import { root } from '../setup/paths.mjs';

describe('API reports', () => {
  it('list what each entry point exports; after a change: npm run build && npm run api-reports', () => {
    const reports = apiReports({ update: false });
    expect(reports.map(({ file }) => file)).toContain('packages/events-core/api/bus.api.md');
    expect(reports.filter(({ isCurrent }) => !isCurrent).map(({ file }) => file)).toEqual([]);
  });

  it('keep the main entry point of events-core to at most 110 names', () => {
    const front = readFileSync(join(root, 'packages/events-core/src/index.ts'), 'utf8');
    const names = Array.from(front.matchAll(/\{([^}]*)\}/g), ([, list = '']) => list.split(','));
    expect(names.flat().filter((name) => name.trim() !== '').length).toBeLessThanOrEqual(110);
  });
});
