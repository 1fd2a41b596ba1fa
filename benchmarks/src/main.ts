import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { codecPart } from './codec/codec-part.js';
import { kafkaPart } from './kafka/kafka-part.js';
import type { Part } from './part.js';
import { redisPart } from './redis/redis-part.js';
import { sendPart } from './send/send-part.js';

const parts: readonly Part[] = [codecPart, sendPart, redisPart, kafkaPart];

const { only, write } = chosen();
const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}.`;
for (const part of parts) {
  if (only.length > 0 && !only.includes(part.name)) continue;
  const table = `${machine} ${await part.run()}`;
  process.stdout.write(`${table}\n\n`);
  if (write) writeInto(new URL('../README.md', import.meta.url), part.name, table);
}

function chosen(): { readonly only: readonly string[]; readonly write: boolean } {
  const names = parts.map(({ name }) => name);
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        write: { type: 'boolean', default: false },
      },
    });
    const unknown = values.only.filter((name) => !names.includes(name));
    if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(', ')}`);
    return values;
  } catch (error) {
    process.stderr.write(
      `${(error as Error).message}\nnpm run bench -- [--only ${names.join('|')}]… [--write], which updates benchmarks/README.md\n`,
    );
    return process.exit(2);
  }
}

/** Puts a table between the markers of its part. */
function writeInto(file: URL, part: string, table: string): void {
  const path = fileURLToPath(file);
  const before = readFileSync(path, 'utf8');
  const [begin, end] = [`<!-- ${part} -->`, `<!-- /${part} -->`];
  const [from, to] = [before.indexOf(begin) + begin.length, before.indexOf(end)];
  if (to < 0) throw new Error(`README.md has no place for ${part}: ${begin} … ${end}`);
  writeFileSync(path, `${before.slice(0, from)}\n${table}\n${before.slice(to)}`);
}
