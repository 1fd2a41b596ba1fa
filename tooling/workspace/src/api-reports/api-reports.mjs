import { mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { root } from '../setup/paths.mjs';

/**
 * @typedef {object} ApiReport
 * @property {string} file path of the report in the repository, e.g. `packages/events-core/api/bus.api.md`
 * @property {boolean} isCurrent whether the built package exports exactly what the report lists
 */

/** The packages whose exports are promised to other packages. To keep reports of one more, add its folder here. */
const packages = ['events-core'];

/**
 * Compares what each entry point of a package exports with its committed API report. Needs a build.
 * @param {{ update: boolean }} options `update`: write the reports that differ
 * @returns {ApiReport[]}
 */
export function apiReports({ update }) {
  return packages.flatMap((name) => {
    const folder = join(root, 'packages', name);
    return entryPoints(folder).map(({ report, types }) => {
      const { apiReportChanged } = Extractor.invoke(configOf(folder, report, types), {
        localBuild: update,
        messageCallback: (message) => {
          message.handled = true;
        },
      });
      return { file: `packages/${name}/api/${report}.api.md`, isCurrent: !apiReportChanged };
    });
  });
}

/**
 * @param {string} folder of the package
 * @returns {{ report: string, types: string }[]}
 */
function entryPoints(folder) {
  /** @type {{ exports: Record<string, string | { types?: string }> }} */
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'object' && target.types !== undefined
      ? [
          {
            report: path === '.' ? 'index' : path.slice(2).replaceAll('/', '-'),
            types: join(folder, target.types),
          },
        ]
      : [],
  );
}

/**
 * @param {string} folder
 * @param {string} report
 * @param {string} types
 */
function configOf(folder, report, types) {
  const reportFolder = join(folder, 'api');
  const reportTempFolder = join(tmpdir(), 'openedx-events-api', basename(folder));
  for (const path of [reportFolder, reportTempFolder]) mkdirSync(path, { recursive: true });
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      compiler: { tsconfigFilePath: join(folder, 'tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: `${report}.api.md`,
        reportFolder,
        reportTempFolder,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  });
}
