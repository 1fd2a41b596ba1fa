import { bringPnpm } from './bring-pnpm.mjs';
import { note } from './note.mjs';
import { toolScript } from './paths.mjs';
import { runCaptured } from './run-captured.mjs';

/**
 * Builds every package, or one with what it depends on. What has not changed comes from turbo's cache.
 * @param {string} [only] a package's name
 * @returns {Promise<import('./run-captured.mjs').CapturedRun>}
 */
export async function buildWorkspace(only) {
  const pnpm = await bringPnpm();
  note(only === undefined ? 'Building' : `Building ${only}`);
  const filter = only === undefined ? [] : [`--filter=${only}`];
  return runCaptured(
    process.execPath,
    [
      toolScript('turbo'),
      'run',
      'build',
      '--output-logs=errors-only',
      '--continue=dependencies-successful',
      ...filter,
    ],
    {
      env: { ...pnpm.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
    },
  );
}
