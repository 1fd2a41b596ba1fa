import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryCache } from './repository-cache.js';

/** A file for each port that was given out, with the id of the process that got it. It is of no use once that has ended. */
const folder = join(repositoryCache(), 'ports');

/** Reserves a port for this process until it ends. Returns false where another process that runs has reserved it. */
export function reservePort(port: number): boolean {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, String(port));
  if (!isOwned(file)) rmSync(file, { force: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

function isOwned(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // a process of another user
  }
}
