import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';

/**
 * The source files of events-core that run while one event is sent over the memory bus and received, after a first one.
 * @returns {Promise<string[]>} relative to the root, sorted
 */
export async function coreFilesOfOneEvent() {
  const program = join(root, 'tooling/workspace/src/docs/one-event.ts');
  const args = ['--import', 'tsx', '--conditions=@openedx-ts/source', program];
  const run = await runCaptured(process.execPath, args, { cwd: join(root, 'tooling/workspace') });
  if (run.code !== 0) throw new Error(`one-event.ts failed:\n${run.output}`);
  const urls = /** @type {string[]} */ (JSON.parse(run.stdout));
  return urls
    .filter((url) => url.startsWith('file:'))
    .map((url) => relative(root, fileURLToPath(url)))
    .filter((file) => file.startsWith('packages/events-core/src/'))
    .sort();
}
