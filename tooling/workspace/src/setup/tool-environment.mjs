import { delimiter, join } from 'node:path';
import { root } from './paths.mjs';

/**
 * An environment in which programs find the installed tools on the PATH (turbo looks for pnpm there), and turbo sends
 * no telemetry.
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment() {
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
  return { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
}
