import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { guard } from './guard.js';
import { lastLines } from './last-lines.js';
import { areStopped, descendantsOf, livingOf } from './process-tree.js';
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
  /** How it is asked to end; default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** As whom it runs; default as this process. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** True where it serves from processes of its own: they are killed and frozen with it. */
  readonly forks?: boolean;
}

/**
 * A server as a process of its own session: a Ctrl-C at the terminal does not reach it. It ends with this process at the
 * latest.
 */
export function serverProcess(server: ServerCommand): ServerControl {
  const { command, folder, patienceMs = 10_000, stopSignal = 'SIGTERM', forks } = server;
  const logFile = join(folder, 'server.log');
  const forgetFolder = guard({ folder });
  let child: ChildProcess | undefined;

  const running = () => (child?.exitCode === null && child.signalCode === null ? child : undefined);

  const childrenOf = async (target: ChildProcess | undefined) =>
    forks && target?.pid !== undefined ? descendantsOf(target.pid) : [];

  const end = async (...signals: NodeJS.Signals[]) => {
    const target = running();
    if (target === undefined) return;
    // A server does not keep this process alive (`unref`), until its end is awaited.
    target.ref();
    const ended = once(target, 'exit');
    for (const signal of signals) target.kill(signal);
    const timer = setTimeout(() => target.kill('SIGKILL'), patienceMs);
    await ended;
    clearTimeout(timer);
  };

  const kill = async () => {
    const children = await childrenOf(running());
    await end('SIGKILL');
    signalAll(children, 'SIGKILL');
    while (children.length > 0 && (await livingOf(children)).length > 0) await delay(5);
  };

  const signal = async (name: NodeJS.Signals) => {
    const target = running();
    if (target === undefined) throw new Error(`${command} is not running: start it first`);
    // The server first: after that it starts no more children.
    target.kill(name);
    const children = await childrenOf(target);
    signalAll(children, name);
    return [target.pid ?? 0, ...children];
  };

  return Object.freeze({
    async start() {
      if (running() !== undefined) throw new Error(`${command} is running already`);
      child = spawnServer(server, logFile);
      await once(child, 'spawn');
      const forget = guard({ pid: child.pid ?? 0 });
      child.once('exit', forget);
    },
    async stop() {
      // A frozen server sees the first signal only after the second.
      signalAll(await childrenOf(running()), 'SIGCONT');
      await end(stopSignal, 'SIGCONT');
    },
    kill,
    async freeze() {
      const pids = await signal('SIGSTOP');
      while (!areStopped(pids)) await delay(1);
    },
    async unfreeze() {
      await signal('SIGCONT');
    },
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      forgetFolder();
    },
    isRunning: async () => running() !== undefined,
    logTail: async () => (existsSync(logFile) ? lastLines(readFileSync(logFile, 'utf8'), 30) : ''),
  });
}

function spawnServer({ command, args, env, folder, user }: ServerCommand, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, {
    cwd: folder,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
    ...user,
  });
  closeSync(log);
  child.unref();
  return child;
}

function signalAll(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended by itself.
    }
  }
}
