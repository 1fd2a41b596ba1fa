import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Environment } from '@openedx-ts/events-core';

/** The path of the first of these programs that a folder of `PATH` has. */
export async function programOnPath(
  programs: readonly string[],
  { PATH = '' }: Environment,
): Promise<string | undefined> {
  for (const program of programs)
    for (const folder of PATH.split(delimiter).filter(Boolean)) {
      const path = join(folder, program);
      if (await isExecutable(path)) return path;
    }
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
