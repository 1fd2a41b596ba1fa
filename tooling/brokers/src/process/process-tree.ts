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

/**
 * Whether every thread of these processes is stopped. SIGSTOP takes effect when a thread is scheduled next, which may
 * take a while on a busy machine. Only Linux shows it; elsewhere always true.
 */
export function areStopped(pids: readonly number[]): boolean {
  if (process.platform !== 'linux') return true;
  return pids.every((pid) => threadStates(pid).every((state) => state === 'T' || state === 'Z'));
}

function threadStates(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
    });
  } catch {
    return []; // It has just ended.
  }
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
