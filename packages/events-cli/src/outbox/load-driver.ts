import { resolve as resolvePath } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolve as resolveModule } from 'import-meta-resolve';
import { CommandError } from '../terminal/command-error.js';

/**
 * Loads the library of a database: the one of the project in the working directory, or else one that is installed beside
 * this package.
 *
 * @param specifier what is imported, e.g. `mysql2/promise`
 * @throws CommandError that names the package to install
 */
export async function loadDriver(specifier: string, cwd: string): Promise<object> {
  const project = pathToFileURL(resolvePath(cwd, 'package.json')).href;
  for (const from of [project, import.meta.url]) {
    const url = urlOf(specifier, from);
    if (url === undefined) continue;
    const module = (await import(url)) as { readonly default?: object };
    return module.default ?? module;
  }
  const [name] = specifier.split('/');
  throw new CommandError('CLI_DRIVER', `the package ${name} is not installed in ${cwd}: npm install ${name}`);
}

function urlOf(specifier: string, from: string): string | undefined {
  try {
    return resolveModule(specifier, from);
  } catch {
    return undefined;
  }
}
