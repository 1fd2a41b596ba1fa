import { buildWorkspace } from './build-workspace.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Builds every package, or one with its dependencies.
 * @param {string} [only] the name of the package
 * @throws {SetupError} with turbo's output when the build fails
 */
export async function buildOrThrow(only) {
  const run = await buildWorkspace(only);
  if (run.code !== 0) throw new SetupError(`${run.output.trimEnd()}\n\nThe build failed.`);
}
