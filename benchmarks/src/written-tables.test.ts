import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describedTable } from './described-table.js';
import { revisionOf } from './revision.js';
import { withTable } from './with-table.js';

it('writes the commit and the date beside each table', () => {
  const before = '<!-- codec -->\nold\n<!-- /codec -->\n<!-- send -->\nkept\n<!-- /send -->\n';
  const circumstances = {
    node: 'v20.20.2',
    processors: '2 × AMD EPYC',
    revision: 'commit 0123456789',
    date: new Date('2026-11-28T14:30:00Z'),
  };
  expect(withTable(before, 'codec', describedTable(circumstances, 'Median of 9 rounds.'))).toBe(
    '<!-- codec -->\nNode v20.20.2, 2 × AMD EPYC, commit 0123456789, 2026-11-28. Median of 9 rounds.\n' +
      '<!-- /codec -->\n<!-- send -->\nkept\n<!-- /send -->\n',
  );
  expect(() => withTable(before, 'redis', '')).toThrow('There is no place for redis');
});

it('marks a table that was measured with changes that are not committed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'revision-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: folder });
  try {
    expect(revisionOf(folder)).toBe('no commit');
    git('init', '-q');
    writeFileSync(join(folder, 'a'), '1');
    git('add', 'a');
    git('commit', '-q', '-m', 'one');
    expect(revisionOf(folder)).toMatch(/^commit [0-9a-f]{10}$/);
    writeFileSync(join(folder, 'a'), '2');
    expect(revisionOf(folder)).toMatch(/^commit [0-9a-f]{10}-dirty$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
