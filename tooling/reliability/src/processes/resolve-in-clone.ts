// Hooks of Node's module loader: what the rig imports from packages of this repository comes from another clone.
import type { InitializeHook, ResolveHook } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

let folder = '';
let importer = '';

/** Gets the folder of the clone. */
export const initialize: InitializeHook<string> = (clone) => {
  folder = pathToFileURL(join(clone, '/')).href;
  importer = new URL('tooling/reliability/package.json', folder).href;
};

/** Packages of the clone find each other by themselves. An entry point that they do not have yet is in their main one. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const [scope, name] = specifier.split('/');
  if (scope !== '@openedx-ts' || context.parentURL?.startsWith(folder)) return next(specifier, context);
  const inClone = { ...context, parentURL: importer };
  try {
    return await next(specifier, inClone);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error;
    return next(`${scope}/${name}`, inClone);
  }
};
