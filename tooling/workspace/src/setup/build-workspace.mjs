import { note } from './note.mjs';
import { toolScript } from './paths.mjs';
import { runCaptured } from './run-captured.mjs';
import { toolEnvironment } from './tool-environment.mjs';

/** A build that comes from the cache takes less, and needs no note. */
const noteAfterMs = 1_500;

/**
 * Builds every package, or one with its dependencies. Packages that have not changed come from turbo's cache.
 * @param {string} [only] the name of the package
 * @returns {Promise<import('./run-captured.mjs').CapturedRun>}
 */
export async function buildWorkspace(only) {
  const timer = setTimeout(() => note(only === undefined ? 'Building' : `Building ${only}`), noteAfterMs);
  const filter = only === undefined ? [] : [`--filter=${only}`];
  const args = ['run', 'build', '--output-logs=errors-only', '--continue=dependencies-successful', ...filter];
  try {
    return await runCaptured(process.execPath, [toolScript('turbo'), ...args], { env: toolEnvironment() });
  } finally {
    clearTimeout(timer);
  }
}
