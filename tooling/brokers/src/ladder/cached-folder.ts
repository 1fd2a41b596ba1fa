import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { repositoryCache } from '../process/repository-cache.js';
import { withLock } from './with-lock.js';

/**
 * A folder of the repository's cache, filled once for this kind of machine, however many processes ask at once.
 * @param fill fills a new folder, or returns why it cannot
 * @param holds whether a folder that was filled before is still good on this machine; else it is filled anew
 * @returns the folder, or the reason that `fill` returned
 */
export async function cachedFolder(
  name: string,
  fill: (folder: string) => Promise<string | undefined>,
  holds: (folder: string) => Promise<boolean> = async () => true,
): Promise<{ readonly folder: string } | string> {
  const folder = join(repositoryCache(), 'brokers', `${name}-${system()}`);
  const isThere = async () => existsSync(folder) && (await holds(folder));
  if (await isThere()) return { folder };
  return withLock(`${folder}.lock`, async () => {
    if (await isThere()) return { folder };
    rmSync(folder, { recursive: true, force: true });
    // Made beside and renamed: what is half made is never taken for whole.
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    const complaint = await fill(partial);
    if (complaint === undefined) renameSync(partial, folder);
    else rmSync(partial, { recursive: true, force: true });
    return complaint ?? { folder };
  });
}

/** Programs of one distribution do not run on every other. */
function system(): string {
  const file = '/etc/os-release';
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const field = (name: string) => new RegExp(`^${name}="?([\\w.-]+)`, 'm').exec(text)?.[1];
  return [field('ID') ?? platform(), field('VERSION_ID'), arch()].filter(Boolean).join('-');
}
