import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { guard } from './guard.js';
import { lastLines } from './last-lines.js';
import type { ServerControl } from './server-control.js';

/** What to start. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder; its log goes there, and `remove` deletes it. */
  readonly folder: string;
  /** When it was asked to end it gets SIGKILL after this; default 10,000. */
  readonly patienceMs?: number;
}

/**
 * A server as a process of its own session: a Ctrl-C at the terminal does not reach it. It ends with this process at the
 * latest.
 */
export function serverProcess({
  command,
  args,
  env,
  folder,
  patienceMs = 10_000,
}: ServerCommand): ServerControl {
  const logFile = join(folder, 'server.log');
  const forgetFolder = guard({ folder });
  let child: ChildProcess | undefined;

  const running = () => (child?.exitCode === null && child.signalCode === null ? child : undefined);

  const end = async (...signals: NodeJS.Signals[]) => {
    const target = running();
    if (target === undefined) return;
    // It was made not to keep this process alive; now its end is awaited.
    target.ref();
    const ended = once(target, 'exit');
    for (const signal of signals) target.kill(signal);
    const timer = setTimeout(() => target.kill('SIGKILL'), patienceMs);
    await ended;
    clearTimeout(timer);
  };

  const signal = async (name: NodeJS.Signals) => {
    const target = running();
    if (target === undefined) throw new Error(`${command} is not running: start it first`);
    target.kill(name);
  };

  return Object.freeze({
    async start() {
      if (running() !== undefined) throw new Error(`${command} is running already`);
      const log = openSync(logFile, 'a');
      const started = spawn(command, args, {
        cwd: folder,
        detached: true,
        env: { ...process.env, ...env },
        stdio: ['ignore', log, log],
      });
      closeSync(log);
      started.unref();
      child = started;
      await once(started, 'spawn');
      const forget = guard({ pid: started.pid ?? 0 });
      started.once('exit', forget);
    },
    // A frozen server sees the first signal only after the second.
    stop: () => end('SIGTERM', 'SIGCONT'),
    kill: () => end('SIGKILL'),
    freeze: () => signal('SIGSTOP'),
    unfreeze: () => signal('SIGCONT'),
    async remove() {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      forgetFolder();
    },
    isRunning: async () => running() !== undefined,
    logTail: async () => (existsSync(logFile) ? lastLines(readFileSync(logFile, 'utf8'), 30) : ''),
  });
}
