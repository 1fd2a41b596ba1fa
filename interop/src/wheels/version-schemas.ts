import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PythonDefinition } from '../python-peer.js';

/**
 * The schemas that a version of openedx-events makes, by event type. Its wheel is imported as it is, in place of the one
 * that is installed.
 *
 * @param python an interpreter with the packages that the wheel needs
 */
export async function versionSchemas(
  python: string,
  wheel: string,
): Promise<Readonly<Record<string, PythonDefinition>>> {
  const { stdout } = await promisify(execFile)(python, ['-X', 'utf8', '-B', script], {
    env: { ...process.env, PYTHONPATH: wheel, EVENTS_SERVICE_NAME: 'schemas' },
    maxBuffer: 16 * 1024 * 1024,
  });
  const definitions = JSON.parse(stdout) as Readonly<Record<string, PythonDefinition>>;
  return Object.fromEntries(Object.entries(definitions).filter(([type]) => type.startsWith('org.openedx.')));
}

const script = fileURLToPath(new URL('../../python/schemas.py', import.meta.url));
