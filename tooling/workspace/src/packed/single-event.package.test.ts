import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { root } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';

const { project, packages } = inject('packed');
const logLoads = join(root, 'tooling/workspace/fixtures/log-loads.mjs');
const event = '@openedx-ts/events-catalog/learning/course-enrollment-created';

describe('@openedx-ts/events-catalog', () => {
  it('loads nothing of another subdomain for one event', async () => {
    const catalog = packages.find(({ name }) => name === '@openedx-ts/events-catalog')?.installed ?? '';
    const dist = join(catalog, 'dist');
    const loaded = (await modulesLoadedBy(event))
      .map((file) => relative(dist, file))
      .filter((file) => !file.startsWith('..'));
    const others = subdomains(dist).filter((folder) => folder !== 'learning');

    expect(others).toEqual(expect.arrayContaining(['analytics', 'authz', 'content-authoring', 'enterprise']));
    expect(loaded.filter((file) => file.startsWith('learning/'))).not.toEqual([]);
    expect(loaded.filter((file) => others.some((folder) => file.startsWith(`${folder}/`)))).toEqual([]);
    expect(loaded.filter((file) => /(^|\/)(all|index)\.js$/.test(file))).toEqual([]);
  });
});

async function modulesLoadedBy(specifier: string): Promise<string[]> {
  const log = join(project, 'loads.log');
  const run = await runCaptured(
    process.execPath,
    ['--no-warnings', '--import', logLoads, '--input-type=module', '-e', `await import('${specifier}')`],
    { cwd: project, env: { ...process.env, LOG_LOADS: log } },
  );
  if (run.code !== 0 || !existsSync(log)) throw new Error(`${specifier} cannot be imported:\n${run.output}`);
  const urls = readFileSync(log, 'utf8').trimEnd().split('\n');
  return urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
}

/** The folders of events are named as the third part of an event type. */
function subdomains(dist: string): string[] {
  return readdirSync(dist, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
