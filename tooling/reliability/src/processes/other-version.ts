import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Another version of the packages: a clone of this repository at another commit, installed and built. */
export interface OtherVersion {
  /** The folder of the clone. */
  readonly clone: string;
  /** The abbreviated hash of its commit. */
  readonly commit: string;
}

/**
 * Looks at a clone.
 *
 * @throws Error when the folder is no clone, or is not built
 */
export function otherVersion(folder: string): OtherVersion {
  const clone = resolve(folder);
  if (!existsSync(join(clone, 'packages/events-core/dist/index.js')))
    throw new Error(`${clone} is no built clone: run npm run build there`);
  const commit = execFileSync('git', ['-C', clone, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' });
  return { clone, commit: commit.trim() };
}
