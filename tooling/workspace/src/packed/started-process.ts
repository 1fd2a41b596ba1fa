import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { vi } from 'vitest';

/** A program that runs until it is stopped. */
export interface StartedProcess {
  /** The lines that it has printed, to stdout and stderr. */
  readonly lines: readonly string[];
  /** Resolves with the match of the first line that fits. @throws Error with what it printed, when it ends before */
  line(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Sends SIGINT to it and to what it has started, as Ctrl-C in a terminal does, and resolves when it has ended. */
  interrupt(): Promise<void>;
  /** Sends SIGTERM, and resolves with exit code and signal. */
  stop(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Ends it and what it has started at once. Safe to call when it has ended. */
  kill(): Promise<void>;
}

/** Starts a program with these arguments: `node`, unless another is named. */
export function startProcess(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  program = process.execPath,
): StartedProcess {
  const { VITEST: _, VITEST_WORKER_ID: __, NODE_ENV: ___, ...inherited } = process.env;
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...inherited, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, so that the processes which it starts can be ended with it
  });
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => lines.push(line));
  }
  return {
    lines,
    line: (pattern) =>
      vi.waitFor(
        () => {
          const match = lines.map((line) => line.match(pattern)).find((found) => found !== null);
          if (match) return match;
          throw new Error(`no line fits ${pattern}:\n${lines.join('\n')}`);
        },
        { timeout: 120_000, interval: 50 },
      ),
    interrupt: async () => {
      if (hasEnded(child) || child.pid === undefined) return;
      const ended = once(child, 'close');
      process.kill(-child.pid, 'SIGINT');
      await ended;
    },
    stop: async () => {
      if (hasEnded(child)) return { code: child.exitCode, signal: child.signalCode };
      const ended = once(child, 'close'); // with the last of its lines
      child.kill('SIGTERM');
      await ended;
      return { code: child.exitCode, signal: child.signalCode };
    },
    kill: async () => {
      if (hasEnded(child) || child.pid === undefined) return;
      const ended = once(child, 'exit');
      process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
