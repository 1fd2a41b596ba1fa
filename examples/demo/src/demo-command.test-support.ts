import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
/** Runs from the sources of the demo and of the packages, also in the processes of the services. */
const fromSources = [
  '--conditions=@openedx-ts/source',
  ...['--import', pathToFileURL(require.resolve('tsx')).href],
  fileURLToPath(new URL('./main.ts', import.meta.url)),
];

const demos: ChildProcess[] = [];

/** A running demo. */
export interface RunningDemo {
  readonly demo: ChildProcess;
  readonly ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  /** What it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** Runs the command as a terminal would. */
export function runDemo(args: readonly string[], env: NodeJS.ProcessEnv): RunningDemo {
  const demo = spawn(process.execPath, [...fromSources, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  demos.push(demo);
  const ended = once(demo, 'close') as RunningDemo['ended'];
  return { demo, ended, stdout: textOf(demo.stdout), stderr: textOf(demo.stderr) };
}

/** Ends the processes that a test has left running. */
export function killDemos(): void {
  for (const demo of demos.splice(0)) demo.kill('SIGKILL');
}

function textOf(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return () => text;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
