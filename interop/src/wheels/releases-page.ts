import { type ComparedVersion, comparedVersions } from './compared-versions.js';
import type { VersionComparison } from './version-comparison.js';

/** The page `docs/reference/open-edx-releases.md`. */
export function releasesPage(comparisons: ReadonlyMap<string, VersionComparison>): string {
  const rows = comparedVersions.map((version) => row(version, comparisons.get(version.version)));
  const tags = comparedVersions.flatMap(({ tags }) => tags.map((tag) => `\`${tag}\``));
  const different = comparedVersions.flatMap(({ version }) => differentIn(version, comparisons.get(version)));
  return `# Open edX releases

Which events a Python service of a release exchanges with the catalogue, \`@openedx-ts/events-catalog\`. Since its first version, 0.1.0, the catalogue has the definitions of openedx-events 11.2.0.

| openedx-events | Open edX | events | with a schema | the same here | different | of the catalogue, without a schema there |
|---|---|---|---|---|---|---|
${rows.join('\n')}

An event with **the same** schema goes both ways over both buses. One **without a schema there** cannot be sent or read by a Python service of that version: it came later, or has a type that the version cannot serialize.

**Open edX** is the release in which \`openedx/credentials\` has the version in its requirements, at the tags ${tags.join(', ')}; \`openedx/course-discovery\` has the same up to Teak. The platform and other services may have another: \`pip show openedx-events\` prints it.

## Different schemas

Over Redis such an event cannot be read, because Python's entries do not carry their schema. Over Kafka it is read where Avro resolves one schema to the other.

${different.join('\n')}

---

Written by \`npm run compare-catalog -- --releases\`, which downloads the wheel of each version, lets it make its schemas and compares them with those of the catalogue.
`;
}

function row({ version, tags }: ComparedVersion, comparison: VersionComparison | undefined): string {
  if (comparison === undefined) throw new Error(`openedx-events ${version} was not compared`);
  const { events, same, different, notThere } = comparison;
  const releases = tags.map(nameOf).join(', ') || '–';
  const counts = [events, same.length + different.length, same.length, different.length, notThere.length];
  return `| ${version} | ${releases} | ${counts.join(' | ')} |`;
}

/** `Redwood` for `open-release/redwood.3`. */
function nameOf(tag: string): string {
  const name = tag.replace(/^.*\//, '').replace(/\.\d+$/, '');
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function differentIn(version: string, comparison: VersionComparison | undefined): readonly string[] {
  return (comparison?.different ?? []).map(({ eventType, problems }) => {
    const why = problems.length === 0 ? 'Avro resolves both ways' : problems.join('; ');
    return `- ${version}: \`${eventType}\`: ${why}`;
  });
}
