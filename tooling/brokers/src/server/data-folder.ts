import { mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux keeps what is in this folder in memory. */
const inMemory = '/dev/shm';

/** Free bytes that the folder in memory must have: more than the tests of all servers that run at once write. */
const enoughBytes = 4 * 1024 ** 3;

/** Where servers may keep their data; for tests of this function. */
export interface DataPlaces {
  readonly memory?: string;
  readonly neededBytes?: number;
}

/**
 * Creates an empty folder for the data of one server. It is in memory where the machine has room for that: Kafka creates
 * a topic and recovers after SIGKILL with half the work, and data survive a killed server as they do on a disk. `TMPDIR`
 * names another place, for runs that write gigabytes.
 * @param name part of the folder's name
 */
export async function dataFolder(
  name: string,
  { memory = inMemory, neededBytes = enoughBytes }: DataPlaces = {},
): Promise<string> {
  const isNamed = (process.env.TMPDIR ?? '') !== '';
  const place = !isNamed && (await freeBytes(memory)) >= neededBytes ? memory : tmpdir();
  return mkdtemp(join(place, `openedx-ts-${name}-`));
}

/** -1 where there is no such folder. */
async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return -1;
  }
}
