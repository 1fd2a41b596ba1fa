import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { schemaOf } from '@openedx-ts/events-avro';
import { allSignals } from '@openedx-ts/events-core';
import { comparedVersions } from './compared-versions.js';
import { downloadWheel } from './download-wheel.js';
import { releasesPage } from './releases-page.js';
import { type VersionComparison, versionComparison } from './version-comparison.js';
import { versionSchemas } from './version-schemas.js';

/** Compares the schemas of each version with those of the catalogue, which is loaded, and writes the page. */
export async function writeReleasesPage(python: string): Promise<void> {
  const sendable = allSignals().filter(({ about }) => about.localOnly === undefined);
  const ours = new Map(sendable.map((signal) => [signal.eventType, schemaOf(signal).text]));
  const comparisons = new Map<string, VersionComparison>();
  for (const { version } of comparedVersions) {
    const wheel = await downloadWheel(python, { name: 'openedx-events', version });
    comparisons.set(version, versionComparison(await versionSchemas(python, wheel), ours));
  }
  writeFileSync(page, releasesPage(comparisons));
}

const page = fileURLToPath(new URL('../../../docs/reference/open-edx-releases.md', import.meta.url));
