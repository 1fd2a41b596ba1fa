import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Writes the reference of every entry point to the folder `api` of the site.
 *
 * @param {string} site its folder
 */
export async function buildApi(site) {
  const application = await Application.bootstrap({
    name: 'Open edX events for TypeScript',
    entryPoints: entryPoints(),
    tsconfig: join(root, 'tsconfig.json'),
    readme: 'none',
    excludeExternals: true,
    excludePrivate: true,
    disableSources: true,
    skipErrorChecking: true, // the step `types` checks
    logLevel: 'Error',
    navigationLinks: { Guide: '../' },
  });
  const project = await application.convert();
  if (project === undefined) throw new Error('typedoc found nothing to document');
  await application.generateDocs(project, join(site, 'api'));
}

function entryPoints() {
  return readdirSync(join(root, 'packages')).flatMap((name) =>
    ['index.ts', 'bus.ts', 'operate.ts', 'metrics.ts', 'opentelemetry.ts']
      .map((file) => join(root, 'packages', name, 'src', file))
      .filter((file) => existsSync(file)),
  );
}
