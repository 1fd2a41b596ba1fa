import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moments } from '../scenarios/moments.js';
import { type SeededRandom, seededRandom } from '../seeded-random.js';
import type { DatabaseUnderTest } from './database-under-test.js';
import { brokenOutboxPromises, type OutboxResult } from './outbox-result.js';
import { leaseMs, OutboxRig } from './outbox-rig.js';
import type { OutboxFault, OutboxScenario, OutboxSize } from './outbox-scenario.js';
import { outboxVerdict } from './outbox-verdict.js';
import { readTruth } from './truth.js';

/**
 * Runs a scenario on a database and a broker of its own, and compares what was committed with what was published.
 * Everything it started is gone when it resolves or rejects. Faults that only a server can have are left out on PGlite.
 *
 * @throws RigFailure when it could not be done to the end
 */
export async function runOutbox(
  scenario: Pick<OutboxScenario, 'fault' | 'name'>,
  options: { readonly database: DatabaseUnderTest; readonly seed: number; readonly size: OutboxSize },
): Promise<OutboxResult> {
  const { database, seed, size } = options;
  const faults = database.isServer ? size.faults : { ...size.faults, relayFreezes: 0, databaseKills: 0 };
  const random = seededRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), 'outbox-'));
  try {
    await using running = await database.start();
    await using rig = new OutboxRig({ running, size, random, seed, folder });
    const startedAt = performance.now();
    await rig.start();
    await doFaults(rig, inTurn(faults, random), { events: size.events, random });
    await rig.untilCommitted(size.events);
    await rig.settle();
    const verdict = outboxVerdict(await readTruth(running.database), rig.log.publications, rig.faultsAt);
    const result = {
      fault: scenario.fault,
      scenario: scenario.name,
      bus: database.name,
      publishesOn: database.publishesOn,
      seed,
      faults,
      ...verdict,
      deadlocks: rig.deadlocks,
      parked: await rig.parked(),
      left: await rig.left(),
      leaseMs,
      worstTakeOverMs: worst(rig.takeOversMs),
      worstRecoveryMs: worst(rig.recoveriesMs),
      durationMs: Math.round(performance.now() - startedAt),
      badEnds: rig.badEnds,
    };
    return { ...result, broken: brokenOutboxPromises(result, size) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function doFaults(
  rig: OutboxRig,
  kinds: readonly OutboxFault[],
  { events, random }: { readonly events: number; readonly random: SeededRandom },
): Promise<void> {
  const does: Readonly<Record<OutboxFault, () => Promise<void>>> = {
    writerKills: () => rig.killWriter(),
    relayKills: () => rig.killRelay(),
    relayFreezes: () => rig.freezeRelay(),
    databaseKills: () => rig.killDatabase(),
  };
  for (const [index, count] of moments({ events, faults: kinds.length }, random).entries()) {
    await rig.untilCommitted(count);
    await does[kinds[index] as OutboxFault]();
  }
}

/** The faults in a random order. */
function inTurn(faults: Readonly<Record<OutboxFault, number>>, random: SeededRandom): readonly OutboxFault[] {
  const left = (Object.entries(faults) as [OutboxFault, number][]).flatMap(([kind, count]) =>
    Array.from({ length: count }, () => kind),
  );
  const turns: OutboxFault[] = [];
  while (left.length > 0) turns.push(...left.splice(random.below(left.length), 1));
  return turns;
}

function worst(durationsMs: readonly number[]): number | null {
  return durationsMs.length === 0 ? null : Math.max(...durationsMs);
}
