import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describedTable } from './described-table.js';
import { compareBuilds } from './paired/compare-builds.js';
import { measuredPaths } from './paired/measured-paths.js';
import { measurePart } from './part-process.js';
import { parts } from './parts.js';
import { revisionOf } from './revision.js';
import { withTable } from './with-table.js';

process.env.TMPDIR ||= tmpdir(); // servers write to the disk, as those of an application do
const { only, write, against } = chosen();
if (against !== undefined) process.exit((await compareBuilds(against, only)) ? 0 : 1);

const readme = fileURLToPath(new URL('../README.md', import.meta.url));
const scaleGuide = fileURLToPath(new URL('../../docs/guide/scale.md', import.meta.url));
const circumstances = {
  node: process.version,
  processors: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
  revision: revisionOf(dirname(readme)), // before this run changes README.md
  date: new Date(),
};
for (const name of Object.keys(parts)) {
  if (only.length > 0 && !only.includes(name)) continue;
  const table = describedTable(circumstances, await measurePart(name));
  process.stdout.write(`${table}\n\n`);
  const page = name === 'scale' ? scaleGuide : readme;
  if (write) writeFileSync(page, withTable(readFileSync(page, 'utf8'), name, table));
}

interface Chosen {
  readonly only: readonly string[];
  readonly write: boolean;
  readonly against?: string | undefined;
}

function chosen(): Chosen {
  const names = Object.keys(parts);
  const compared = [...new Set(Object.values(measuredPaths).map(({ part }) => part))];
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        write: { type: 'boolean', default: false },
        against: { type: 'string' },
      },
    });
    const known: readonly string[] = values.against === undefined ? names : compared;
    const unknown = values.only.filter((name) => !known.includes(name));
    if (unknown.length > 0)
      throw new Error(`There is no part ${unknown.join(', ')}; use ${known.join(', ')}.`);
    return values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}\n`);
    return process.exit(2);
  }
}

const usage = [
  'npm run bench -- [--only PART]… [--write]        measures; --write updates benchmarks/README.md and docs/guide/scale.md',
  'npm run bench -- [--only PART]… --against CLONE  compares with another built clone',
].join('\n');
