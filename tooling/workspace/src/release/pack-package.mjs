import { toolScript } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';
import { SetupError } from '../setup/setup-error.mjs';

/**
 * Packs a package as it is published: with the versions of its siblings instead of `workspace:`.
 *
 * @param {string} folder
 * @param {string} tarball file to write
 * @throws {SetupError} with what pnpm prints
 */
export async function packPackage(folder, tarball) {
  const run = await runCaptured(process.execPath, [toolScript('pnpm'), 'pack', '--out', tarball], {
    cwd: folder,
  });
  if (run.code !== 0) throw new SetupError(`pnpm pack failed in ${folder}:\n${run.output}`);
}
