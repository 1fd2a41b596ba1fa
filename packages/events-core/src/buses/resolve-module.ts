import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Where a module lies, as seen from a folder: a package, a path in a package, or a file. Undefined when there is none.
 * `require.resolve` does not see packages whose exports are for `import` alone, so those are looked up here.
 */
export function resolveModule(folder: string, specifier: string): string | undefined {
  const require = createRequire(join(folder, 'package.json'));
  try {
    return pathToFileURL(require.resolve(specifier)).href;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
  }
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const home = require.resolve.paths(specifier)?.find((path) => existsSync(join(path, name, 'package.json')));
  if (home === undefined) return undefined;
  const target = exportedFile(join(home, name), `.${specifier.slice(name.length)}`);
  return target === undefined ? undefined : pathToFileURL(join(home, name, target)).href;
}

function exportedFile(folder: string, path: string): string | undefined {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports?: unknown };
  const isByPath = isObject(exports) && Object.keys(exports).some((key) => key.startsWith('.'));
  if (!isByPath) return path === '.' ? targetOf(exports) : undefined;
  return targetOf(exports[path]);
}

/** The first condition that holds for `import` in Node wins, in the order of the package. */
function targetOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (!isObject(target)) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const file = ['node', 'import', 'module-sync', 'default'].includes(condition)
      ? targetOf(inner)
      : undefined;
    if (file !== undefined) return file;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
