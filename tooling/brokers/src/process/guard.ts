import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What is cleaned up when this process ends without having done so itself. */
export type Guarded =
  | { readonly pid: number }
  | { readonly folder: string }
  | { readonly command: readonly string[] };

let helper: ChildProcess | undefined;
let count = 0;

/**
 * Has something cleaned up when this process ends, be it by a crash or SIGKILL: a process is killed, a folder deleted, a
 * command run. A small helper process in a session of its own does it, started at the first call.
 * @returns what to call when it was cleaned up in the ordinary way
 */
export function guard(what: Guarded): () => void {
  count += 1;
  const key = String(count);
  send({ key, ...what });
  return () => send({ key });
}

function send(entry: object): void {
  helper ??= startHelper();
  helper.stdin?.write(`${JSON.stringify(entry)}\n`);
}

function startHelper(): ChildProcess {
  // The same path from src/ and from dist/.
  const script = fileURLToPath(new URL('../../guard.mjs', import.meta.url));
  const child = spawn(process.execPath, [script], {
    cwd: '/',
    detached: true,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Neither may keep this process alive; and without its helper a test can still run.
  child.unref();
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
