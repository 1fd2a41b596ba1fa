import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { npmCommand } from '../setup/npm-command.mjs';
import { runCaptured } from '../setup/run-captured.mjs';
import { SetupError } from '../setup/setup-error.mjs';

/**
 * The bill of materials of a release: every package that its tarballs bring when a user installs them, as CycloneDX JSON.
 *
 * @param {string} folder with the tarballs
 * @param {readonly { readonly name: string, readonly file: string }[]} packed
 * @returns {Promise<string>}
 * @throws {SetupError} with what npm prints
 */
export async function sbomOf(folder, packed) {
  const project = mkdtempSync(join(tmpdir(), 'openedx-ts-sbom-'));
  try {
    const tarballs = packed.map(({ name, file }) => [name, `file:${resolve(folder, file)}`]);
    const manifest = {
      name: 'openedx-events-ts',
      version: '0.0.0',
      private: true,
      dependencies: Object.fromEntries(tarballs),
      // Siblings come from their tarballs too: the registry may not have them yet.
      overrides: Object.fromEntries(packed.map(({ name }) => [name, `$${name}`])),
    };
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
    await npm(project, 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund');
    return await npm(project, 'sbom', '--sbom-format=cyclonedx', '--omit=dev', '--omit=optional');
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** @param {string} cwd @param {readonly string[]} args */
async function npm(cwd, ...args) {
  const { command, args: before } = npmCommand();
  const run = await runCaptured(command, [...before, ...args], { cwd });
  if (run.code !== 0) throw new SetupError(`npm ${args[0]} failed:\n${run.output}`);
  return run.stdout;
}
