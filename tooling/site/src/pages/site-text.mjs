import { posix } from 'node:path';
import { sitePathOf } from './site-paths.mjs';

/**
 * A Markdown file as the site shows it: its links lead to pages of the site, or to the published repository where the site
 * has no page, and what looks like HTML outside of code is text.
 *
 * @param {string} text
 * @param {string} file of it, relative to the repository
 * @param {string} repositoryUrl
 * @returns {string}
 */
export function siteText(text, file, repositoryUrl) {
  const page = sitePathOf(file) ?? file;
  return outsideOfCode(text, (part) =>
    part
      .replace(/\]\(([^)\s]+)\)/g, (_, link) => `](${siteLink(link, { file, page, repositoryUrl })})`)
      .replace(/<(?!!--|\/?(?:a|br|img|details|summary)\b|https?:)/g, '&lt;'),
  );
}

/**
 * @param {string} link
 * @param {{ file: string, page: string, repositoryUrl: string }} from
 */
function siteLink(link, { file, page, repositoryUrl }) {
  const [target = '', heading] = link.split('#');
  const hash = heading === undefined ? '' : `#${heading}`;
  const published = new RegExp(`^${repositoryUrl}/(?:blob|tree)/main/`);
  if (target === '' || (/^[a-z]+:/.test(target) && !published.test(target))) return link;
  const path = published.test(target)
    ? target.replace(published, '')
    : posix.join(posix.dirname(file), target).replace(/\/$/, '');
  const found = sitePathOf(path);
  if (found === undefined)
    return `${repositoryUrl}/${/\.\w+$/.test(path) ? 'blob' : 'tree'}/main/${path}${hash}`;
  const relative = posix.relative(posix.dirname(page), found);
  return `${relative.startsWith('.') ? relative : `./${relative}`}${hash}`;
}

/** Applies a change to what is neither a block of code nor between backticks. @param {string} text @param {(part: string) => string} change */
function outsideOfCode(text, change) {
  return text
    .split(/(^ *```[\s\S]*?^ *```$|`[^`\n]+`)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}
