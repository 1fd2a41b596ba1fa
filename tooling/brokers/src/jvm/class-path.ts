import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** All jars of a folder, always in the same order: an archive of classes holds for one class path only. */
export function classPath(folder: string): string {
  const jars = readdirSync(folder).filter((file) => file.endsWith('.jar'));
  return jars
    .sort()
    .map((jar) => join(folder, jar))
    .join(delimiter);
}
