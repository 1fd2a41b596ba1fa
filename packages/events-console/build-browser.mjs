// Bundles the page of the console into dist/browser. Run by `npm run build`, and by tests.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Writes the page's files. Several processes may do so at once: each file is renamed into its place.
 * @returns {Promise<string>} the folder
 */
export async function buildBrowser() {
  const folder = join(here, 'dist/browser');
  const { outputFiles } = await build({
    entryPoints: { app: join(here, 'browser/main.tsx'), icon: join(here, 'browser/icon.svg') },
    outdir: folder,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'copy' },
    logLevel: 'silent',
  });
  await mkdir(folder, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const file = join(folder, basename(path).replace(/^icon-\w+/, 'icon'));
    const partial = `${file}.${process.pid}.${process.hrtime.bigint()}`;
    await writeFile(partial, contents);
    await rename(partial, file);
  }
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBrowser();
