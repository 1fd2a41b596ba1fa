import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '@openedx-ts/events-core';

/** What to run, and with which variables. */
export interface ProcessScript {
  readonly path: string;
  readonly env: Environment;
  /** Arguments of Node. */
  readonly execArgv: readonly string[];
}

/** What can run as a process of its own. */
export type ProcessName = keyof typeof sources;

const extension = extname(import.meta.url);
const sources = {
  consumer: './consumer-process',
  producer: './producer-process',
  'outbox-writer': '../outbox/outbox-writer-process',
  'outbox-relay': '../outbox/outbox-relay-process',
  'outage-requests': '../outbox/outages/outage-request-process',
};
/** Folders with bundles, by EVENT_BUS and process. */
const bundles = new Map<string, string>();

/**
 * To be awaited before processes of a bus start. Where this file is a source, it bundles the sources as they are now:
 * a process then starts in a fifth of the time, and a build that is older is never taken for them.
 */
export async function prepareProcessScripts(
  { EVENT_BUS: bus = '' }: Environment,
  names: readonly ProcessName[] = ['consumer', 'producer'],
): Promise<void> {
  if (extension !== '.ts' || names.every((name) => bundles.has(`${bus} ${name}`))) return;
  const { bundleSources } = await import('./bundle-sources.test-support.js');
  const folder = await bundleSources({
    ...Object.fromEntries(names.map((name) => [name, sourceOf(`${sources[name]}.ts`)])),
    bus: extname(bus) === '.ts' ? bus : sourceOf(`../../../../packages/event-bus-${bus}/src/index.ts`),
  });
  for (const name of names) bundles.set(`${bus} ${name}`, folder);
}

/**
 * The script of a process: a bundle of the sources, or the built file beside this one. For another version it is the
 * same built file with the packages of that clone.
 */
export function processScript({
  is,
  env,
  clone,
}: {
  readonly is: ProcessName;
  readonly env: Environment;
  readonly clone?: string | undefined;
}): ProcessScript {
  if (extension !== '.ts') {
    const path = sourceOf(`${sources[is]}${extension}`);
    if (clone === undefined) return { path, env, execArgv: [] };
    const bus = join(clone, `packages/event-bus-${env.EVENT_BUS}/dist/index.js`);
    const preloaded = new URL(`./use-clone${extension}`, import.meta.url).href;
    return {
      path,
      env: { ...env, EVENT_BUS: bus, RELIABILITY_CLONE: clone },
      execArgv: ['--import', preloaded],
    };
  }
  if (clone !== undefined) throw new Error('sources run no other version: build the rig');
  const folder = bundles.get(`${env.EVENT_BUS ?? ''} ${is}`);
  if (folder === undefined) throw new Error('prepareProcessScripts has not been awaited');
  return { path: join(folder, `${is}.js`), env: { ...env, EVENT_BUS: join(folder, 'bus.js') }, execArgv: [] };
}

function sourceOf(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
