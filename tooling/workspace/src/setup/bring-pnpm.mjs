import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fetchTool } from './fetch-tool.mjs';
import { root } from './paths.mjs';
import { runCaptured } from './run-captured.mjs';

/**
 * @typedef {object} Pnpm
 * @property {string} command
 * @property {readonly string[]} args first arguments of every call
 * @property {NodeJS.ProcessEnv} env an environment whose PATH has this pnpm (turbo looks for it there)
 */

/** @type {Promise<Pnpm> | undefined} */
let brought;

/**
 * The pnpm that package.json pins: the one on the PATH when it is exactly that version, else a copy in the cache folder.
 * @returns {Promise<Pnpm>}
 */
export function bringPnpm() {
  brought ??= findOrFetch();
  return brought;
}

async function findOrFetch() {
  const version = pinnedVersion();
  const found = await runCaptured('pnpm', ['--version']);
  if (found.code === 0 && found.stdout.trim() === version) {
    return { command: 'pnpm', args: [], env: process.env };
  }
  const tool = await fetchTool('pnpm', version);
  const path = `${join(tool, '..', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
  return {
    command: process.execPath,
    args: [join(tool, 'bin', 'pnpm.cjs')],
    env: { ...process.env, PATH: path },
  };
}

function pinnedVersion() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return String(packageManager)
    .replace(/^pnpm@/, '')
    .replace(/\+.*$/, '');
}
