import { execFileSync } from 'node:child_process';

/**
 * The Markdown files of the repository, relative to its folder.
 *
 * @param {string} root
 * @returns {readonly string[]}
 */
export function markdownFiles(root) {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: root,
  });
  return listed.toString().split('\n').filter(Boolean);
}
