/**
 * @typedef {object} PackedRelease one package as it would be published
 * @property {string} name
 * @property {string} version
 * @property {string} file name of the tarball
 * @property {number} bytes of the tarball
 * @property {number} unpackedBytes
 * @property {string} integrity SHA-512 of the tarball, in the form of npm
 * @property {string} notes the part of the changelog about this version
 * @property {readonly string[]} problems why it must not be published; empty: it may
 */

/**
 * Packages in the order in which they are published: each behind those that it needs.
 *
 * @template {{ readonly name: string, readonly needs: readonly string[] }} P
 * @param {readonly P[]} packages
 * @returns {P[]}
 */
export function inOrderOfNeed(packages) {
  /** @type {Map<string, P>} */
  const ordered = new Map();
  const byName = new Map(packages.map((one) => [one.name, one]));
  /** @param {P} one */
  const add = (one) => {
    if (ordered.has(one.name)) return;
    for (const name of one.needs) {
      const needed = byName.get(name);
      if (needed !== undefined) add(needed);
    }
    ordered.set(one.name, one);
  };
  for (const one of packages) add(one);
  return [...ordered.values()];
}
