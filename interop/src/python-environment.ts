import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The Python of the peer, or why there is none. */
export interface PythonOrReason {
  /** The interpreter of a virtual environment that has the packages; `''` when there is none. */
  readonly python: string;
  /** Why there is none; undefined when there is. For `describe.skipIf`. */
  readonly reason: string | undefined;
}

/** A set of versions in `python/`: of openedx-events 11.2.0, the newest, or 10.5.0. */
export type PythonRequirements = 'requirements.txt' | 'requirements-10.5.txt';

/**
 * Makes the virtual environment of the Python peer where that was not done before. Several processes may ask
 * at once.
 *
 * @throws Error when it cannot be made and `CI` is `true`: there nothing is skipped
 */
export async function pythonOrReason(
  requirements: PythonRequirements = 'requirements.txt',
): Promise<PythonOrReason> {
  try {
    return { python: await pythonEnvironment(join(scripts, requirements)), reason: undefined };
  } catch (error) {
    const reason = `no Python peer: ${reasonIn(error)}`;
    if (process.env.CI === 'true' || process.env.CI === '1') throw new Error(reason, { cause: error });
    process.stderr.write(`${reason}\n`);
    return { python: '', reason };
  }
}

async function pythonEnvironment(requirements: string): Promise<string> {
  const version = await pythonVersion();
  const stamp = createHash('sha256')
    .update(`${version}\n${readFileSync(requirements, 'utf8')}`)
    .digest('hex');
  const folder = join(cache, stamp.slice(0, 16));
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;

  process.stderr.write('Installing the Python packages of the buses …\n');
  mkdirSync(cache, { recursive: true });
  const unfinished = `${folder}.${process.pid}`;
  try {
    await run('python3', ['-m', 'venv', '--clear', unfinished]);
    // openedx-events 11 demands Python 3.12, and runs on 3.11.
    const options = ['--quiet', '--disable-pip-version-check', '--ignore-requires-python'];
    await run(join(unfinished, 'bin', 'python'), ['-m', 'pip', 'install', ...options, '-r', requirements]);
    putInPlace(unfinished, folder, python);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return python;
}

/** A finished environment appears as a whole or not at all; who comes second uses what is there. */
function putInPlace(unfinished: string, folder: string, python: string): void {
  if (!existsSync(python)) rmSync(folder, { recursive: true, force: true }); // its interpreter has gone
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(python)) throw error;
  }
}

async function pythonVersion(): Promise<string> {
  const { stdout } = await run('python3', ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])']);
  const version = stdout.trim();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === 3 && minor >= 11) return version;
  throw new Error(`python3 is ${version}, and the packages need 3.11`);
}

function reasonIn(error: unknown): string {
  const { code, stderr, message } = error as { code?: unknown; stderr?: string; message?: string };
  if (code === 'ENOENT') return 'there is no python3';
  return stderr?.trim().split('\n').at(-1) || (message ?? String(error));
}

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const scripts = join(root, 'interop', 'python');
const cache = join(root, '.cache', 'python-bus-peer');
