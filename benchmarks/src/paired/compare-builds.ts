import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type MeanInterval, meanRatio } from './mean-interval.js';
import { type MeasuredPath, measuredPaths } from './measured-paths.js';
import { startPairedServers } from './paired-servers.js';
import type { Servers } from './servers.js';
import { startWorker, type WorkerProcess } from './worker-process.js';

/** Pairs of processes, for a build is a little faster or slower in each process. */
const pairs = 5;
const warmUps = 3;
const rounds = 5;
const roundMicroseconds = 300_000;
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
  print(
    `CPU time of an event, compared with ${clones.before}: ${pairs} pairs of processes, ${rounds} rounds each.\n`,
  );
  print('| path | before | after | ratio | 95 % interval |\n|---|---|---|---|---|');
  let isWithin = true;
  for (const [name, path] of chosen) {
    const { before, after, ratio } = await comparePath(name, path, clones, started.servers);
    if (ratio.mean > allowed) isWithin = false;
    const figures = [microseconds(before), microseconds(after), ratio.mean.toFixed(3), interval(ratio)];
    print(`| ${[name, ...figures].join(' | ')} |`);
  }
  return isWithin;
}

interface Pair {
  readonly before: number;
  readonly after: number;
}

async function comparePath(
  name: string,
  path: MeasuredPath,
  clones: { readonly before: string; readonly after: string },
  servers: Servers,
): Promise<Pair & { readonly ratio: MeanInterval }> {
  const found: Pair[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    using before = await startWorker({ clone: clones.before, path: name, servers });
    using after = await startWorker({ clone: clones.after, path: name, servers });
    found.push(await comparePair(before, after, path.events));
  }
  const average = (of: keyof Pair) => found.reduce((sum, pair) => sum + pair[of], 0) / pairs;
  const ratio = meanRatio(found.map(({ before, after }) => after / before));
  return { before: average('before'), after: average('after'), ratio };
}

/** Both processes take turns; which one is first changes from round to round. */
async function comparePair(before: WorkerProcess, after: WorkerProcess, fixed?: number): Promise<Pair> {
  let events = fixed ?? 1_000;
  const sums = { before: 0, after: 0 };
  for (let round = 0; round < warmUps + rounds; round += 1) {
    const turns = [['before', before] as const, ['after', after] as const];
    if (round % 2 === 1) turns.reverse();
    let slowest = 0;
    for (const [name, worker] of turns) {
      const cpu = await worker.cpuPerEvent(events);
      if (round >= warmUps) sums[name] += cpu / rounds;
      slowest = Math.max(slowest, cpu);
    }
    if (fixed === undefined && round < warmUps) events = Math.ceil(roundMicroseconds / slowest);
  }
  return sums;
}

function microseconds(time: number): string {
  return `${time.toFixed(2)} µs`;
}

function interval({ low, high }: MeanInterval): string {
  return `${low.toFixed(3)} to ${high.toFixed(3)}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
