import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `.cache` of the repository, whether this runs from sources or built. */
export function repositoryCache(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'pnpm-workspace.yaml'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('not inside the repository: no pnpm-workspace.yaml above');
    folder = parent;
  }
  return join(folder, '.cache');
}
