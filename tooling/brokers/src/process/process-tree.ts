import { readdirSync, readFileSync } from 'node:fs';
import { run } from './run.js';

interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** Ended, and only its exit code is still there. */
  readonly zombie: boolean;
}

/** All living descendants of a process, children before grandchildren. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const all = (await processes()).filter(({ zombie }) => !zombie);
  const found: number[] = [pid];
  for (const parent of found) {
    found.push(...all.filter((one) => one.parent === parent).map((one) => one.pid));
  }
  return found.slice(1);
}

/** Those that still live. */
export async function livingOf(pids: readonly number[]): Promise<number[]> {
  const living = new Set((await processes()).filter(({ zombie }) => !zombie).map(({ pid }) => pid));
  return pids.filter((pid) => living.has(pid));
}

async function processes(): Promise<ProcessFacts[]> {
  if (process.platform === 'linux') return linuxProcesses();
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,stat='], { timeoutMs: 10_000 });
  return stdout.split('\n').flatMap((line) => {
    const [pid = '', parent = '', state = ''] = line.trim().split(/\s+/);
    return pid === '' ? [] : [{ pid: Number(pid), parent: Number(parent), zombie: state.startsWith('Z') }];
  });
}

/** From /proc: slim images have no `ps`. */
function linuxProcesses(): ProcessFacts[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // The second field is the program's name in brackets, and may hold anything.
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [{ pid: Number(name), parent: Number(parent), zombie: state === 'Z' || state === 'X' }];
    } catch {
      return []; // It has just ended.
    }
  });
}
