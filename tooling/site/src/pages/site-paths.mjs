/**
 * The page of the site that shows a Markdown file of the repository.
 *
 * @param {string} file relative to the repository
 * @returns {string | undefined} the page's file, relative to the site; undefined where the site does not have it
 */
export function sitePathOf(file) {
  if (Object.hasOwn(roots, file)) return roots[file];
  const found = folders.find(({ pattern }) => pattern.test(file));
  return found === undefined ? undefined : file.replace(found.pattern, found.page);
}

/** @type {Readonly<Record<string, string>>} */
const roots = {
  'README.md': 'index.md', // for links; the page is docs/index.md
  'ARCHITECTURE.md': 'architecture.md',
  'CONTRIBUTING.md': 'contributing.md',
  'RELIABILITY.md': 'reliability.md',
  'SECURITY.md': 'security.md',
  'benchmarks/README.md': 'benchmarks.md',
};

const folders = [
  { pattern: /^docs\/(.*\.(?:md|svg|png))$/, page: '$1' },
  { pattern: /^packages\/([^/]+)\/README\.md$/, page: 'packages/$1.md' },
  { pattern: /^examples\/([^/]+)\/README\.md$/, page: 'examples/$1.md' },
  { pattern: /^deploy\/README\.md$/, page: 'deploy.md' },
];
