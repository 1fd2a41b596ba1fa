import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const environment = join(root, '.cache', 'python-peer');

/** The packages of the peer, as of the newest Python that most machines have. */
const requirements = ['openedx-events==10.5.0', 'fastavro==1.13.1', 'Django==5.2.19'];

/** What the Python packages do in a second, with the same event; or why it could not be measured. */
export type PythonRates =
  | { readonly encode: number; readonly decode: number; readonly sendEvent: number; readonly version: string }
  | { readonly missing: string };

/** Installs the peer into a virtual environment of its own where that was not done before, and times it. */
export async function measurePython(): Promise<PythonRates> {
  try {
    const python = join(environment, 'bin', 'python');
    if (!existsSync(join(environment, 'ready'))) {
      process.stderr.write('Installing the Python packages to compare with …\n');
      await run('python3', ['-m', 'venv', '--clear', environment]);
      await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements]);
      await run(python, ['-c', `open(${JSON.stringify(join(environment, 'ready'))}, 'w').close()`]);
    }
    const { stdout } = await run(python, [join(root, 'benchmarks', 'python', 'peer.py')]);
    return JSON.parse(stdout) as PythonRates;
  } catch (error) {
    return {
      missing: error instanceof Error ? (error.message.split('\n')[0] as string) : 'python3 did not run',
    };
  }
}
