import { readdir, readFile, stat } from 'node:fs/promises';
import { CommandError } from '../command-error.js';

/**
 * The text of a file, or undefined when there is none.
 *
 * @throws CommandError when it cannot be read
 */
export async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw fileError(file, error);
  });
}

/**
 * The names of the files in a folder, sorted.
 *
 * @throws CommandError when there is no such folder
 */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw fileError(folder, error);
  });
  return names.sort();
}

/** Whether a path leads to a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** What the system refused to do, in a sentence. */
export function fileError(path: string, cause: NodeJS.ErrnoException): CommandError {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EEXIST: 'it is there already',
    EISDIR: 'it is a folder',
    ENOENT: 'there is no such file or folder',
    ENOTDIR: 'it is no folder',
    EROFS: 'the file system is read-only',
  };
  return new CommandError('CLI_FILE', `${path}: ${reasons[cause.code ?? ''] ?? cause.message}`, { cause });
}
