import { type MeanInterval, meanRatio } from './mean-interval.js';
import type { MeasuredPath } from './measured-paths.js';
import type { WorkerTask } from './paired-worker.js';
import { startWorker, type WorkerProcess } from './worker-process.js';

/** The CPU time of an event in microseconds, on both sides. */
interface Pair {
  readonly before: number;
  readonly after: number;
}

/** What two ways to take events through one path cost. */
export interface ComparedPath extends Pair {
  /** `after` divided by `before`. */
  readonly ratio: MeanInterval;
}

/** How often a path is compared, for the head of a table. */
export const repetitions = { pairs: 5, rounds: 5 } as const;

const warmUps = 3;
const roundMicroseconds = 300_000;

/** Compares the CPU time of an event in pairs of processes: a build is a little faster or slower in each process. */
export async function comparePath(
  path: MeasuredPath,
  tasks: { readonly before: WorkerTask; readonly after: WorkerTask },
): Promise<ComparedPath> {
  const found: Pair[] = [];
  for (let pair = 0; pair < repetitions.pairs; pair += 1) {
    using before = await startWorker(tasks.before);
    using after = await startWorker(tasks.after);
    found.push(await comparePair(before, after, path.events));
  }
  const average = (of: keyof Pair) => found.reduce((sum, pair) => sum + pair[of], 0) / repetitions.pairs;
  const ratio = meanRatio(found.map(({ before, after }) => after / before));
  return { before: average('before'), after: average('after'), ratio };
}

/** The row of a table: path, before, after, ratio, interval. */
export function comparedRow(name: string, { before, after, ratio }: ComparedPath): string {
  const interval = `${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)}`;
  const figures = [microseconds(before), microseconds(after), ratio.mean.toFixed(3), interval];
  return `| ${[name, ...figures].join(' | ')} |`;
}

/** Both processes take turns; which one is first changes from round to round. */
async function comparePair(before: WorkerProcess, after: WorkerProcess, fixed?: number): Promise<Pair> {
  let events = fixed ?? 1_000;
  const sums = { before: 0, after: 0 };
  for (let round = 0; round < warmUps + repetitions.rounds; round += 1) {
    const turns = [['before', before] as const, ['after', after] as const];
    if (round % 2 === 1) turns.reverse();
    let slowest = 0;
    for (const [name, worker] of turns) {
      const cpu = await worker.cpuPerEvent(events);
      if (round >= warmUps) sums[name] += cpu / repetitions.rounds;
      slowest = Math.max(slowest, cpu);
    }
    if (fixed === undefined && round < warmUps) events = Math.ceil(roundMicroseconds / slowest);
  }
  return sums;
}

function microseconds(time: number): string {
  return `${time.toFixed(2)} µs`;
}
