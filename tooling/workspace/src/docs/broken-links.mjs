import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryLink } from '../release/repository.mjs';
import { root } from '../setup/paths.mjs';
import { slugOfHeading } from './slug-of-heading.mjs';

/**
 * The links of a Markdown file that lead to no file of the repository, or to no heading of it. Absolute links to the
 * published repository count as well.
 *
 * @param {string} path of the file, relative to the repository
 * @returns {readonly string[]}
 */
export function brokenLinks(path) {
  const text = withoutCode(readFileSync(join(root, path), 'utf8'));
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
  return links.filter((link) => !leadsSomewhere(link, path));
}

/** @param {string} link @param {string} from */
function leadsSomewhere(link, from) {
  const [target = '', heading] = link.split('#');
  const absolute = target.replace(repositoryLink, '');
  if (absolute === target && /^[a-z]+:/.test(target)) return true; // of another site
  const file = absolute === target ? join(dirname(from), target) : absolute;
  const path = join(root, target === '' ? from : file);
  if (!existsSync(path)) return false;
  return heading === undefined || !path.endsWith('.md') || headingsOf(path).has(heading);
}

/** @param {string} path */
function headingsOf(path) {
  const headings = [...withoutCode(readFileSync(path, 'utf8')).matchAll(/^#+ (.+)$/gm)];
  /** @type {Set<string>} */
  const slugs = new Set();
  for (const [, heading = ''] of headings) {
    const slug = slugOfHeading(heading);
    let unique = slug;
    for (let count = 1; slugs.has(unique); count += 1) unique = `${slug}-${count}`;
    slugs.add(unique);
  }
  return slugs;
}

/** Comments in shell code look like headings, and code like links. @param {string} markdown */
function withoutCode(markdown) {
  return markdown.replace(/^ *(```+)[^\n]*\n[\s\S]*?^ *\1$/gm, '');
}
