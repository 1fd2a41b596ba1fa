import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { now } from '../journal/journal-line.js';

/** A turn of the event loop that took long, or the most memory so far. */
export interface TurnLine {
  readonly at: number;
  /** Processor time of the thread, in milliseconds. */
  readonly cpuMs: number;
  /** The most resident memory of this process so far, in MB. */
  readonly maxRssMb: number;
}

/**
 * Writes a line for each turn of the event loop that needed more than a tenth of a second of processor time, and twice
 * a second in any case, until it is disposed of. Processor time, because a busy machine lets a process wait.
 */
export function watchTurns(file: string): Disposable {
  const descriptor = openSync(file, 'ax');
  let before = threadCpuMs();
  let writtenAt = 0;
  const timer = setInterval(() => {
    const cpu = threadCpuMs();
    const cpuMs = Math.round(cpu - before);
    before = cpu;
    const at = now();
    if (cpuMs < WORTH_A_LINE_MS && at - writtenAt < EVERY_MS) return;
    writtenAt = at;
    const line: TurnLine = { at, cpuMs, maxRssMb: Math.round(process.resourceUsage().maxRSS / 1_024) };
    writeSync(descriptor, `${JSON.stringify(line)}\n`);
    before = threadCpuMs();
  }, TICK_MS);
  timer.unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      closeSync(descriptor);
    },
  };
}

const TICK_MS = 10;
const EVERY_MS = 500;
const WORTH_A_LINE_MS = 100;

/** The processor time of the main thread on Linux; of the whole process elsewhere, where collectors and zlib count too. */
function threadCpuMs(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }
}
