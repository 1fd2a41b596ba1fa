import { join } from 'node:path';
import { pythonPackages } from '../ladder/python-packages.js';
import { type Run, run } from '../process/run.js';

/**
 * Runs Tutor, which renders the files of an Open edX deployment, with a folder of its own for settings and plugins.
 * Unpacked in `.cache` with the packages that rendering needs, and without those that talk to Docker and Kubernetes.
 *
 * @param args such as `config`, `save`
 * @throws Error when it cannot be had
 */
export async function runTutor(folder: string, args: readonly string[]): Promise<Run> {
  const found = await pythonPackages(REQUIREMENTS, { deep: false });
  if (typeof found === 'string') throw new Error(`there is no Tutor: ${found}`);
  const env = {
    PYTHONPATH: found.folder,
    TUTOR_ROOT: folder,
    TUTOR_PLUGINS_ROOT: join(folder, 'plugins'),
  };
  const program = 'from tutor.commands.cli import main; main()';
  return run('python3', ['-c', program, ...args], { env, timeoutMs: 60_000 });
}

const REQUIREMENTS = [
  'tutor==22.0.3',
  'appdirs==1.4.4',
  'click==8.5.1',
  'importlib-metadata==8.7.0',
  'importlib-resources==6.5.2',
  'jinja2==3.1.6',
  'markupsafe==3.0.4',
  'packaging==26.4',
  'pycryptodome==4.4.0',
  'pyyaml==6.0.4',
  'typing-extensions==4.16.0',
  'zipp==3.23.0',
] as const;
