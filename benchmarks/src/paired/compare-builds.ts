import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { comparedRow, comparePath, repetitions } from './compare-path.js';
import { measuredPaths } from './measured-paths.js';
import { startPairedServers } from './paired-servers.js';

/** How much more CPU time an event may cost. */
const allowed = 1.05;

/**
 * Compares the CPU time of an event in this clone with that in another built clone, path by path, and prints a table. Both
 * builds take turns, each in a process of its own, so that a machine whose speed drifts slows both alike.
 *
 * @param against the folder of the other clone, which has been built with `npm run build`
 * @param only names of parts; default: all
 * @returns whether no path costs more than 5 % more
 */
export async function compareBuilds(against: string, only: readonly string[]): Promise<boolean> {
  const clones = { before: resolve(against), after: fileURLToPath(new URL('../../..', import.meta.url)) };
  const chosen = Object.entries(measuredPaths).filter(
    ([, { part }]) => only.length === 0 || only.includes(part),
  );
  await using started = await startPairedServers(new Set(chosen.map(([, { part }]) => part)));
  const { servers } = started;
  const { pairs, rounds } = repetitions;
  print(
    `CPU time of an event, compared with ${clones.before}: ${pairs} pairs of processes, ${rounds} rounds each.\n`,
  );
  print('| path | before | after | ratio | 95 % interval |\n|---|---|---|---|---|');
  let isWithin = true;
  for (const [name, path] of chosen) {
    const compared = await comparePath(path, {
      before: { clone: clones.before, path: name, servers },
      after: { clone: clones.after, path: name, servers },
    });
    if (compared.ratio.mean > allowed) isWithin = false;
    print(comparedRow(name, compared));
  }
  return isWithin;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
