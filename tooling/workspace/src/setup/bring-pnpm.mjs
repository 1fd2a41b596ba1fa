import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fetchTool } from './fetch-tool.mjs';
import { root } from './paths.mjs';
import { runCaptured } from './run-captured.mjs';

/**
 * The pnpm that installs the workspace, in the version that package.json pins: the one on the PATH when it has that
 * version, else a copy in the cache folder. Never the one in node_modules: it would delete itself when it replaces what
 * `npm install` has put there.
 * @returns {Promise<{ command: string, args: readonly string[] }>} the first arguments of every call
 */
export async function bringPnpm() {
  const version = pinnedVersion();
  const env = { ...process.env, PATH: pathOutsideWorkspace() };
  const found = await runCaptured('pnpm', ['--version'], { env });
  if (found.code === 0 && found.stdout.trim() === version) return { command: 'pnpm', args: [] };
  const tool = await fetchTool('pnpm', version);
  return { command: process.execPath, args: [join(tool, 'bin', 'pnpm.cjs')] };
}

/** `npm run` puts node_modules/.bin on the PATH. */
function pathOutsideWorkspace() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.filter((folder) => !folder.startsWith(root)).join(delimiter);
}

function pinnedVersion() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return String(packageManager)
    .replace(/^pnpm@/, '')
    .replace(/\+.*$/, '');
}
