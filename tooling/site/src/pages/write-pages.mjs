import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { markdownFiles } from '../../../workspace/src/docs/markdown-files.mjs';
import { repositoryUrl } from '../../../workspace/src/release/repository.mjs';
import { sitePathOf } from './site-paths.mjs';
import { siteText } from './site-text.mjs';

/**
 * Writes the source of the site: the Markdown of the repository, pictures, and pages that were generated.
 *
 * @param {string} root the repository
 * @param {string} target an empty folder is made of it
 * @param {ReadonlyMap<string, string>} generated Markdown by file of the site
 */
export function writePages(root, target, generated) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of markdownFiles(root).filter((one) => one !== 'README.md')) {
    const page = sitePathOf(file);
    if (page === undefined) continue;
    write(join(target, page), siteText(readFileSync(join(root, file), 'utf8'), file, repositoryUrl));
  }
  cpSync(join(root, 'docs/pictures'), join(target, 'pictures'), { recursive: true });
  for (const [page, text] of generated) write(join(target, page), text);
}

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
