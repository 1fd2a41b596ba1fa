import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildOrThrow } from './build-or-throw.mjs';
import { installWorkspace } from './install-workspace.mjs';
import { root } from './paths.mjs';

/**
 * The command `openedx-events`, installed and built from the sources as they are now, with every bus of the workspace.
 * @returns {Promise<{ path: string, url: string }>} its script
 * @throws {import('./setup-error.mjs').SetupError} when the installation or the build fails
 */
export async function builtCommand() {
  await installWorkspace();
  await buildOrThrow('@openedx-ts/events-cli');
  const path = join(root, 'packages/events-cli/dist/main.js');
  return { path, url: pathToFileURL(path).href };
}
