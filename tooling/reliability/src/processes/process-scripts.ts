import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '@openedx-ts/events-core';
import type { BusProcessCommand } from './bus-process.js';

/** What to run, and with which variables. */
export interface ProcessScript {
  readonly path: string;
  readonly env: Environment;
  /** Arguments of Node. */
  readonly execArgv: readonly string[];
}

const extension = extname(import.meta.url);
/** Folders with bundles, by EVENT_BUS. */
const bundles = new Map<string, string>();

/**
 * To be awaited before processes of a bus start. Where this file is a source, it bundles the sources as they are now:
 * a process then starts in a fifth of the time, and a build that is older is never taken for them.
 */
export async function prepareProcessScripts({ EVENT_BUS: bus = '' }: Environment): Promise<void> {
  if (extension !== '.ts' || bundles.has(bus)) return;
  const { bundleSources } = await import('./bundle-sources.test-support.js');
  const folder = await bundleSources({
    consumer: sourceOf('./consumer-process.ts'),
    producer: sourceOf('./producer-process.ts'),
    bus: extname(bus) === '.ts' ? bus : sourceOf(`../../../../packages/event-bus-${bus}/src/index.ts`),
  });
  bundles.set(bus, folder);
}

/**
 * The script of a process: a bundle of the sources, or the built file beside this one. For another version it is the
 * same built file with the packages of that clone.
 */
export function processScript({
  is,
  env,
  clone,
}: Pick<BusProcessCommand, 'is' | 'env' | 'clone'>): ProcessScript {
  if (extension !== '.ts') {
    const path = sourceOf(`./${is}-process${extension}`);
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
  const folder = bundles.get(env.EVENT_BUS ?? '');
  if (folder === undefined) throw new Error('prepareProcessScripts has not been awaited');
  return { path: join(folder, `${is}.js`), env: { ...env, EVENT_BUS: join(folder, 'bus.js') }, execArgv: [] };
}

function sourceOf(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
