/**
 * The part of a changelog about one version, without its heading.
 *
 * @param {string} changelog as changesets writes it
 * @param {string} version
 * @returns {string} empty where there is none
 */
export function changelogOf(changelog, version) {
  const [, found = ''] = changelog.split(`\n## ${version}\n`);
  return (found.split(/\n## \d/)[0] ?? '').trim();
}
