import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from '../ladder/cached-folder.js';
import { lastLines } from '../process/last-lines.js';
import { noteOnce } from '../process/note.js';
import { run } from '../process/run.js';

/** `group:artifact:version`, or `group:artifact:version:type:classifier` for a file without its dependencies. */
export type MavenCoordinates = string;

const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

/**
 * Files that Maven downloads, with what they need at run time, in a folder of the cache.
 * @param title for people
 * @param finish completes the folder, or returns why it cannot; once
 * @returns the folder, or why it cannot be had
 */
export async function mavenFiles(
  name: string,
  title: string,
  wanted: readonly MavenCoordinates[],
  finish: (folder: string) => Promise<string | undefined>,
): Promise<{ readonly folder: string } | string> {
  return cachedFolder(name, async (folder) => {
    const maven = await run('mvn', ['--version'], { timeoutMs: 30_000 });
    if (maven.code !== 0) return `${lastLines(maven.output, 1)}: install Maven (Debian: maven)`;
    noteOnce(`Fetching ${title} with Maven into .cache (once)`);
    writeFileSync(join(folder, 'pom.xml'), pom(wanted));
    const options = ['--batch-mode', '--quiet', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
    const copied = await run('mvn', [...options, copyDependencies], { cwd: folder, timeoutMs: 540_000 });
    if (copied.code !== 0) return `mvn cannot fetch ${title}: ${firstError(copied.output)}`;
    rmSync(join(folder, 'pom.xml'));
    return finish(folder);
  });
}

function pom(wanted: readonly MavenCoordinates[]): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId>
  <artifactId>for-tests</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>${wanted.map(dependency).join('')}</dependencies>
</project>
`;
}

function dependency(coordinates: MavenCoordinates): string {
  const [groupId = '', artifactId = '', version = '', type, classifier] = coordinates.split(':');
  const fields = { groupId, artifactId, version, ...(type && { type }), ...(classifier && { classifier }) };
  const elements = Object.entries(fields).map(([field, value]) => `<${field}>${value}</${field}>`);
  const alone =
    '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';
  return `<dependency>${elements.join('')}${classifier ? alone : ''}</dependency>`;
}

function firstError(output: string): string {
  return /^.*\[ERROR\].*$/m.exec(output)?.[0] ?? lastLines(output, 1);
}
