import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineSignal, type OpenEdxPublicSignal, type SignalDefinition } from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { runCommand } from '../run-command.test-support.js';
import type { Breakage } from './seeded-change.test-support.js';
import { seededChanges } from './seeded-changes.test-support.js';

/** The definitions of a process: of the old one or of the new one. */
export type Age = 'before' | 'after';

/** What `schema check` found about a change. */
export interface SeededVerdict {
  readonly breaks: readonly Breakage[];
  /** The buses on which Python services break. */
  readonly python: readonly ('Kafka' | 'Redis')[];
}

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
export async function seededVerdicts(): Promise<ReadonlyMap<string, SeededVerdict>> {
  const folder = mkdtempSync(join(tmpdir(), 'seeded-'));
  try {
    const old = defineSeeded('before');
    const generated = await runCommand(['schema', 'generate', '--own', '--out', folder]);
    old.restore();
    if (generated.code !== 0) throw new Error(generated.stderr);
    const now = defineSeeded('after');
    const { stdout } = await runCommand(['schema', 'check', '--own', '--against', folder]);
    now.restore();
    const lines = stdout.split('\n').filter((line) => /^[a-z]/.test(line));
    return new Map(seededChanges.map(({ name, eventType }) => [name, verdictIn(eventType, lines)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What broke in TypeScript, of each change. */
export function breaksOf(
  verdicts: ReadonlyMap<string, SeededVerdict>,
): ReadonlyMap<string, readonly Breakage[]> {
  return new Map([...verdicts].map(([name, { breaks }]) => [name, breaks]));
}

function verdictIn(eventType: string, lines: readonly string[]): SeededVerdict {
  const breaks = new Set<Breakage>();
  const python = new Set<'Kafka' | 'Redis'>();
  for (const line of lines) {
    const kind = line.slice(0, line.indexOf(' '));
    if (!line.includes(eventType) && !line.includes(`${eventType.replaceAll('.', '+')}_`)) continue;
    if (kind === 'key' || kind === 'pii') breaks.add(kind);
    if (kind === 'vanished') breaks.add('backward');
    if (kind === 'incompatible') breaks.add(/breaks backward/.test(line) ? 'backward' : 'forward');
    const [, buses = ''] = /Python services on ([A-Z]\w+(?: and [A-Z]\w+)?)/.exec(line) ?? [];
    for (const bus of ['Kafka', 'Redis'] as const) if (buses.includes(bus)) python.add(bus);
  }
  return { breaks: [...breaks].sort(), python: [...python].sort() };
}
