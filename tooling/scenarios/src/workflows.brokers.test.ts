import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runZizmor } from '@openedx-ts/brokers';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../.github', import.meta.url));
const workflows = readdirSync(join(folder, 'workflows')).map((name) => ({
  name,
  text: readFileSync(join(folder, 'workflows', name), 'utf8'),
}));

describe('the workflows', () => {
  it('are audited without a finding', async () => {
    const { code, output } = await runZizmor(['--offline', '--persona=pedantic', '--no-progress', folder]);
    expect(output).toContain('No findings to report');
    expect(code).toBe(0);
  });

  it('run actions of one commit, whose release is named beside it', () => {
    const used = workflows.flatMap(({ text }) => text.match(/uses: .*/g) ?? []);
    expect(used.length).toBeGreaterThan(5);
    expect(
      used.filter((one) => !/^uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(one)),
    ).toEqual([]);
  });

  it('sign in one job, which runs no code of the repository', () => {
    const jobs = workflows.flatMap(({ text }) => text.split(/^ {2}(?=[a-z]+:$)/m));
    const signing = jobs.filter((job) => job.includes('id-token: write'));
    expect(signing.map((job) => job.split(':')[0])).toEqual(['publish']);
    expect(signing[0]).not.toMatch(/actions\/checkout|npm (ci|install|run|exec)|npx|node /);
  });
});
