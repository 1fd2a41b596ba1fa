import { defineSignal, type OpenEdxPublicSignal, type SignalDefinition } from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { run, temporaryFolder } from '../run.test-support.js';
import type { Breakage, SeededChange } from './seeded-change.test-support.js';
import { seededChanges } from './seeded-changes.test-support.js';

/** The definitions of a process: of the old one or of the new one. */
export type Age = 'before' | 'after';

/** The signals of a process, by event type. Registers them until `restore` is called. */
export function defineSeeded(age: Age): {
  readonly signals: ReadonlyMap<string, OpenEdxPublicSignal>;
  readonly restore: () => void;
} {
  const restore = snapshotSignals();
  const signals = new Map<string, OpenEdxPublicSignal>();
  for (const change of seededChanges) {
    const details = change[age];
    if (details === undefined) continue;
    const definition = { ...details, eventType: change.eventType } as unknown as SignalDefinition<never>;
    signals.set(change.eventType, defineSignal(definition) as unknown as OpenEdxPublicSignal);
  }
  return { signals, restore };
}

/** Lets `schema check` judge every change: the old process generates the files, the new one is compared with them. */
export async function seededVerdicts(): Promise<ReadonlyMap<string, readonly Breakage[]>> {
  using folder = temporaryFolder();
  const old = defineSeeded('before');
  const generated = await run(['schema', 'generate', '--own', '--out', folder.path]);
  old.restore();
  if (generated.code !== 0) throw new Error(generated.stderr);
  const now = defineSeeded('after');
  const { stdout } = await run(['schema', 'check', '--own', '--against', folder.path]);
  now.restore();
  const lines = stdout.split('\n').filter((line) => /^[a-z]/.test(line));
  return new Map(seededChanges.map((change) => [change.name, breakagesIn(change, lines)]));
}

function breakagesIn({ eventType }: SeededChange & { readonly eventType: string }, lines: readonly string[]) {
  const found = new Set<Breakage>();
  for (const line of lines) {
    const kind = line.slice(0, line.indexOf(' '));
    if (!line.includes(eventType) && !line.includes(`${eventType.replaceAll('.', '+')}_`)) continue;
    if (kind === 'key' || kind === 'pii') found.add(kind);
    if (kind === 'vanished') found.add('backward');
    if (kind === 'incompatible') found.add(/breaks backward/.test(line) ? 'backward' : 'forward');
  }
  return [...found].sort();
}
