import { readdir, readFile, stat } from 'node:fs/promises';
import { CommandError } from '../terminal/command-error.js';
import { systemReason } from '../terminal/system-reason.js';

/**
 * Reads a file as text; undefined when it does not exist.
 *
 * @throws CommandError when it cannot be read
 */
export async function readFileIfPresent(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw fileError(file, error);
  });
}

/**
 * Lists the names of the files in a folder, sorted.
 *
 * @throws CommandError when the folder cannot be read
 */
export async function listFolder(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw fileError(folder, error);
  });
  return names.sort();
}

/** Whether a path is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Builds the error of a file operation that the system refused. */
export function fileError(path: string, cause: NodeJS.ErrnoException): CommandError {
  return new CommandError('CLI_FILE', `${path}: ${systemReason(cause)}`, { cause });
}
