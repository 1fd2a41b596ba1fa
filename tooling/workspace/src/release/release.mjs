import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildOrThrow } from '../setup/build-or-throw.mjs';
import { root } from '../setup/paths.mjs';
import { SetupError } from '../setup/setup-error.mjs';
import { bundleSize } from './bundle-size.mjs';
import { copyPackages } from './copy-workspace.mjs';
import { packRelease } from './pack-release.mjs';
import { reportOf } from './report-of.mjs';
import { sbomOf } from './sbom-of.mjs';
import { bundleLimits } from './size-limits.mjs';
import { writeVersions } from './write-versions.mjs';

const usage = `Usage: npm run release -- --dry-run        what would be published now, and whether it may be
       npm run release -- select            prints "version" (changesets wait) or "publish"
       npm run release -- version           writes the next versions and changelogs
       npm run release -- pack --out DIR    tarballs, release.json, release notes and bill of materials
`;

/**
 * The steps of a release, for the workflow and for a look before it. Publishes nothing itself: that is one command of
 * npm in a job that has nothing else.
 *
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export async function release(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean' }, out: { type: 'string' } },
  });
  const [step] = positionals;
  if (values['dry-run'] === true && step === undefined) return dryRun();
  if (step === 'select') return select();
  if (step === 'version') return writeVersions().then(() => 0);
  if (step === 'pack' && values.out !== undefined) return pack(root, values.out);
  process.stderr.write(usage);
  return 2;
}

/** In a copy, so that the workspace stays as it is. */
async function dryRun() {
  const home = mkdtempSync(join(tmpdir(), 'openedx-ts-release-'));
  try {
    await buildOrThrow();
    const copy = join(home, 'workspace');
    mkdirSync(copy);
    copyPackages(copy);
    if (modeOf(copy) === 'version') await writeVersions(copy);
    return await packInto(copy, join(home, 'packed'));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function select() {
  const mode = modeOf(root);
  const output = process.env.GITHUB_OUTPUT;
  if (output !== undefined) appendFileSync(output, `mode=${mode}\n`);
  process.stdout.write(`${mode}\n`);
  return 0;
}

/** @param {string} folder of the workspace @returns {'version' | 'publish'} */
function modeOf(folder) {
  const files = readdirSync(join(folder, '.changeset'));
  return files.some((file) => file.endsWith('.md') && file !== 'README.md') ? 'version' : 'publish';
}

/** @param {string} workspace @param {string} target */
async function pack(workspace, target) {
  if (modeOf(workspace) === 'version') {
    throw new SetupError('Changesets wait: run `npm run release -- version` and merge that first.');
  }
  await buildOrThrow();
  return packInto(workspace, target);
}

/** @param {string} workspace @param {string} target */
async function packInto(workspace, target) {
  const packed = await packRelease(workspace, target);
  const bundles = await Promise.all(
    Object.entries(bundleLimits).map(async ([entry, limit]) => ({
      entry,
      limit,
      bytes: await bundleSize(entry),
    })),
  );
  const sbom = await sbomOf(target, packed);
  writeFileSync(join(target, 'sbom.cdx.json'), sbom);
  writeFileSync(join(target, 'release.json'), JSON.stringify(packed, undefined, 2));
  for (const { file, notes } of packed)
    writeFileSync(join(target, file.replace(/\.tgz$/, '.md')), `${notes}\n`);
  const { text, mayPublish } = reportOf({ packed, bundles, sbom });
  process.stdout.write(text);
  return mayPublish ? 0 : 1;
}
