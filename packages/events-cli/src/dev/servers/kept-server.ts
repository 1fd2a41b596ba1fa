import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '@openedx-ts/events-core';

/** What to run as a server. */
export interface KeptCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** A folder for its data and its log, which is deleted when it has ended. */
  readonly folder: string;
  readonly env: Environment;
}

/** A server that runs beside this process. */
export interface KeptServer extends AsyncDisposable {
  /** Rejects when the server ends by itself; settles in no other way. */
  readonly died: Promise<never>;
}

/**
 * Runs a server that ends with this process at the latest, however this process ends: a small process of Node starts it, and
 * ends it when the pipe to this process is closed. A Ctrl-C at the terminal does not reach the server.
 */
export function keptServer({ program, args, folder, env }: KeptCommand): KeptServer {
  const keeper = spawn(process.execPath, ['-e', KEEPER, folder, program, ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...env, NODE_OPTIONS: '' },
  });
  keeper.stdin.on('error', () => {}); // it may have ended
  let isClosing = false;
  const ended = once(keeper, 'exit');
  const died = ended.then((): Promise<never> => {
    if (isClosing) return new Promise(() => {});
    throw new Error(`${program} has ended${lastWords(folder)}`);
  });
  died.catch(() => {}); // the waiting code gets the error
  return {
    died,
    [Symbol.asyncDispose]: async () => {
      isClosing = true;
      keeper.stdin.end();
      const waited = new AbortController();
      await Promise.race([ended, sleep(CLOSE_MS, undefined, { signal: waited.signal }).catch(() => {})]);
      waited.abort();
      keeper.unref();
      await rm(folder, { recursive: true, force: true }).catch(() => {}); // where the server has ended first
    },
  };
}

/** How long a close waits for the server, in milliseconds; the keeper kills it after `KILL_MS`. */
const CLOSE_MS = 8_000;
const KILL_MS = 5_000;

const KEEPER = `
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const [folder, program, ...args] = process.argv.slice(1);
const log = fs.openSync(folder + '/server.log', 'a');
const server = spawn(program, args, { cwd: folder, stdio: ['ignore', log, log] });
let isClosing = false;
const end = () => {
  if (isClosing) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit();
};
server.on('error', (error) => { fs.writeSync(log, error.message + '\\n'); end(); });
server.on('exit', end);
process.stdin.resume().on('close', () => {
  isClosing = true;
  server.kill();
  setTimeout(() => server.kill('SIGKILL'), ${KILL_MS});
});
`;

function lastWords(folder: string): string {
  try {
    const lines = readFileSync(join(folder, 'server.log'), 'utf8').trimEnd().split('\n').slice(-3);
    return lines.join('') === '' ? ', without output' : `: ${lines.join(' | ')}`;
  } catch {
    return ', without output';
  }
}
