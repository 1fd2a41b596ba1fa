import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { note } from './note.mjs';
import { npmCommand } from './npm-command.mjs';
import { cacheFolder } from './paths.mjs';
import { runCaptured } from './run-captured.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * A published tool in exactly this version, installed once into the cache folder.
 * @param {string} name
 * @param {string} version
 * @returns {Promise<string>} the tool's package folder
 * @throws {SetupError} when npm is missing or fails; `cause` is npm's output
 */
export async function fetchTool(name, version) {
  const home = join(cacheFolder, name, version);
  const tool = join(home, 'node_modules', name);
  if (existsSync(tool)) return tool;

  note(`Fetching ${name} ${version} into .cache (once)`);
  // Installed beside and renamed: a half-made installation is never taken for a whole one.
  const partial = `${home}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const npm = npmCommand();
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  const run = await runCaptured(npm.command, [
    ...npm.args,
    'install',
    '--prefix',
    partial,
    ...flags,
    `${name}@${version}`,
  ]);
  if (run.code === 127) {
    throw new SetupError('npm is needed and was not found on the PATH. It comes with Node.', {
      cause: run.output,
    });
  }
  if (run.code !== 0) {
    rmSync(partial, { recursive: true, force: true });
    throw new SetupError(`npm could not install ${name}@${version}:\n${lastLines(run.output)}`, {
      cause: run.output,
    });
  }
  mkdirSync(dirname(home), { recursive: true });
  if (existsSync(home)) rmSync(partial, { recursive: true, force: true });
  else renameSync(partial, home);
  return tool;
}

/** @param {string} output */
function lastLines(output) {
  return output.trimEnd().split('\n').slice(-30).join('\n');
}
