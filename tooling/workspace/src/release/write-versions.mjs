import { join } from 'node:path';
import { root } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';
import { SetupError } from '../setup/setup-error.mjs';

/**
 * Writes the next versions and changelogs from the changesets, and deletes these.
 *
 * @param {string} [folder] a copy of the workspace; default: the workspace itself
 * @throws {SetupError} with what changesets prints
 */
export async function writeVersions(folder = root) {
  const changeset = join(root, 'node_modules/@changesets/cli/bin.js');
  const run = await runCaptured(process.execPath, [changeset, 'version'], { cwd: folder });
  if (run.code !== 0) throw new SetupError(`changeset version failed:\n${run.output}`);
}
