import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root } from '../setup/paths.mjs';

/**
 * What an entry point adds to a service that bundles it: minified and compressed by gzip, in bytes, without the packages
 * that it imports. Reads the sources, so that nothing must be built.
 *
 * @param {string} entry file, relative to the repository
 * @returns {Promise<number>}
 */
export async function bundleSize(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
}
