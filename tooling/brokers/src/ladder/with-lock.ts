import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Ample for a download over a slow line. */
const patienceMs = 10 * 60_000;

/**
 * Runs a task while no other process of this machine runs one under the same lock file. A lock whose process is gone is
 * broken. Not for several tasks of one process.
 * @throws {Error} when the lock is held for longer than ten minutes
 */
export async function withLock<Result>(file: string, task: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + patienceMs;
  mkdirSync(dirname(file), { recursive: true });
  while (!take(file)) {
    if (performance.now() > deadline) throw new Error(`${file} has been held for ten minutes: delete it`);
    await delay(50);
  }
  try {
    return await task();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    // A link appears with its content, or not at all.
    linkSync(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (isAbandoned(file)) breakLock(file);
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function isAbandoned(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Of several that want to break it only one can rename it; a lock taken anew in between is put back. */
function breakLock(file: string): void {
  const aside = `${file}.broken-by-${process.pid}`;
  try {
    renameSync(file, aside);
    if (!isAbandoned(aside)) linkSync(aside, file);
  } catch {
    // Somebody else was quicker.
  } finally {
    rmSync(aside, { force: true });
  }
}
