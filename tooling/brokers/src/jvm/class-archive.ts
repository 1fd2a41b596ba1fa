import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from '../ladder/cached-folder.js';
import { noteOnce } from '../process/note.js';
import type { ServerLaunch } from '../server/server-launch.js';
import type { Java } from './find-java.js';

const file = 'classes.jsa';

/**
 * Options that make Java start a program in half the time, with an archive of its classes in the cache. The first time on a
 * machine the program is started and stopped once for it. Where that does not work, the program starts without.
 * @param launch prepares the program with further options of Java
 */
export async function classArchive(
  name: string,
  java: Java,
  launch: (options: readonly string[]) => Promise<ServerLaunch>,
): Promise<string[]> {
  const found = await cachedFolder(`${name}-classes-java-${java.version}`, async (folder) => {
    noteOnce(`Preparing ${name} for quick starts (once)`);
    const { control, ready } = await launch([`-XX:ArchiveClassesAtExit=${join(folder, file)}`]);
    try {
      await control.start();
      await ready();
      await control.stop();
    } catch {
      // A folder without an archive shows that it has been tried.
    } finally {
      await control.remove();
    }
    return undefined;
  });
  const archive = typeof found === 'string' ? '' : join(found.folder, file);
  return existsSync(archive)
    ? [`-XX:SharedArchiveFile=${archive}`, '-Xlog:disable', '-Xlog:all=error:stderr']
    : [];
}
