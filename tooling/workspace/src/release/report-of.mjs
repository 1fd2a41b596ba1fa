/**
 * What a release would publish, for a person, and whether it may be published.
 *
 * @param {object} release
 * @param {readonly import('./release-plan.mjs').PackedRelease[]} release.packed
 * @param {readonly { readonly entry: string, readonly limit: number, readonly bytes: number }[]} release.bundles limits in KiB
 * @param {string} release.sbom
 * @returns {{ text: string, mayPublish: boolean }}
 */
export function reportOf({ packed, bundles, sbom }) {
  const rows = packed.map(
    ({ name, version, bytes, unpackedBytes, notes }) =>
      `  ${`${name}@${version}`.padEnd(42)}${kib(bytes)} packed ${kib(unpackedBytes)} unpacked   ${entries(notes)}`,
  );
  const sizes = bundles.map(
    ({ entry, limit, bytes }) =>
      `  ${entry.padEnd(42)}${kib(bytes)} minified and compressed, limit ${limit} KiB`,
  );
  const problems = [
    ...packed.flatMap(({ name, problems: found }) => found.map((problem) => `${name}: ${problem}`)),
    ...bundles
      .filter(({ limit, bytes }) => bytes > limit * 1024)
      .map(({ entry, limit, bytes }) => `${entry}: ${kib(bytes).trim()} bundled, the limit is ${limit} KiB`),
  ];
  const components = JSON.parse(sbom).components?.length ?? 0;
  const verdict =
    problems.length === 0
      ? ['These may be published. Versions that the registry has already are left out.']
      : ['Not to be published:', ...problems.map((problem) => `  ${problem}`)];
  const lines = [
    'To publish, in this order, with provenance, for everybody:',
    ...rows,
    'Bundled:',
    ...sizes,
    `Bill of materials: ${components} packages`,
    ...verdict,
  ];
  return { text: `${lines.join('\n')}\n`, mayPublish: problems.length === 0 };
}

/** @param {number} bytes */
function kib(bytes) {
  return `${(bytes / 1024).toFixed(1)} KiB`.padStart(11);
}

/** @param {string} notes */
function entries(notes) {
  const count = notes.split('\n').filter((line) => line.startsWith('- ')).length;
  return `${count} ${count === 1 ? 'change' : 'changes'}`;
}
