import { resolve as resolvePath } from 'node:path';
import { pathToFileURL } from 'node:url';
import { allSignals, type OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { resolve as resolveModule } from 'import-meta-resolve';
import { CommandError } from '../terminal/command-error.js';
import { loadFailure } from './load-failure.js';

/** The names under which modules export their signals, by event type. */
export type SignalNames = ReadonlyMap<string, string>;

/**
 * Loads modules that define signals: packages resolved from the working directory, or paths relative to it.
 *
 * @throws CommandError naming the module that does not exist or fails to load
 */
export async function requireModules(specifiers: readonly string[], cwd: string): Promise<SignalNames> {
  const names = new Map<string, string>();
  for (const specifier of specifiers) {
    const exported = await load(specifier, cwd);
    for (const [type, name] of signalNamesOf(exported)) names.set(type, name);
  }
  return names;
}

/** Finds the signals among the exports of a module, with their export names. */
export function signalNamesOf(exported: object): SignalNames {
  const signals = new Set<unknown>(allSignals());
  return new Map(
    Object.entries(exported)
      .filter(([name, value]) => name !== 'default' && signals.has(value))
      .map(([name, value]) => [(value as OpenEdxPublicSignal).eventType, name]),
  );
}

async function load(specifier: string, cwd: string): Promise<object> {
  let url: string;
  try {
    url = isPath(specifier)
      ? pathToFileURL(resolvePath(cwd, specifier)).href
      : resolveModule(specifier, pathToFileURL(resolvePath(cwd, 'package.json')).href);
  } catch (cause) {
    throw new CommandError(
      'CLI_REQUIRE',
      `--require ${specifier}: there is no such package in ${cwd}; a path must start with ./`,
      { cause },
    );
  }
  try {
    return (await import(url)) as object;
  } catch (cause) {
    throw new CommandError('CLI_REQUIRE', `--require ${specifier}: ${loadFailure(cause, url)}`, { cause });
  }
}

function isPath(specifier: string): boolean {
  return /^(\.{0,2}[/\\]|[A-Za-z]:[/\\])/.test(specifier);
}
