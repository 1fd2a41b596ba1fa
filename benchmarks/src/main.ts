import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { codecPart } from './codec/codec-part.js';
import { kafkaPart } from './kafka/kafka-part.js';
import { compareBuilds } from './paired/compare-builds.js';
import { measuredPaths } from './paired/measured-paths.js';
import type { Part } from './part.js';
import { redisPart } from './redis/redis-part.js';
import { sendPart } from './send/send-part.js';

const parts: readonly Part[] = [codecPart, sendPart, redisPart, kafkaPart];

process.env.TMPDIR ||= tmpdir(); // servers write to the disk, as those of an application do
const { only, write, against } = chosen();
if (against !== undefined) process.exit((await compareBuilds(against, only)) ? 0 : 1);

const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}.`;
for (const part of parts) {
  if (only.length > 0 && !only.includes(part.name)) continue;
  const table = `${machine} ${await part.run()}`;
  process.stdout.write(`${table}\n\n`);
  if (write) writeInto(new URL('../README.md', import.meta.url), part.name, table);
}

interface Chosen {
  readonly only: readonly string[];
  readonly write: boolean;
  readonly against?: string | undefined;
}

function chosen(): Chosen {
  const names = parts.map(({ name }) => name);
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
  'npm run bench -- [--only PART]… [--write]        measures; --write updates benchmarks/README.md',
  'npm run bench -- [--only PART]… --against CLONE  compares with another built clone',
].join('\n');

/** Puts a table between the markers of its part. */
function writeInto(file: URL, part: string, table: string): void {
  const path = fileURLToPath(file);
  const before = readFileSync(path, 'utf8');
  const [begin, end] = [`<!-- ${part} -->`, `<!-- /${part} -->`];
  const [from, to] = [before.indexOf(begin) + begin.length, before.indexOf(end)];
  if (to < 0) throw new Error(`README.md has no place for ${part}: ${begin} … ${end}`);
  writeFileSync(path, `${before.slice(0, from)}\n${table}\n${before.slice(to)}`);
}
