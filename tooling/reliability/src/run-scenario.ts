import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BusUnderTest } from './buses/bus-under-test.js';
import { brokenPromises } from './checker/broken-promises.js';
import { verdictOf } from './checker/verdict.js';
import { now } from './journal/journal-line.js';
import { Rig } from './rig.js';
import type { RunResult } from './run-result.js';
import type { Scenario, ScenarioSize } from './scenario.js';
import { seededRandom } from './seeded-random.js';

/** What to run a scenario with. */
export interface RunOptions {
  readonly bus: BusUnderTest;
  /** Decides on victims and moments: the same seed does the same. */
  readonly seed: number;
  readonly size: ScenarioSize;
  /** How long nothing may move before the run is given up. @defaultValue 20000 */
  readonly patienceMs?: number;
}

/**
 * Runs a scenario on a broker of its own and reads the journals. Everything it started is gone when it resolves or
 * rejects.
 *
 * @throws RigFailure when it could not be done to the end
 */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const { bus, seed, size, patienceMs = 20_000 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'reliability-'));
  try {
    await using broker = await bus.start();
    await using rig = new Rig({ broker, random: seededRandom(seed), folder, patienceMs });
    const startedAt = now();
    await scenario.run(rig, size);
    const durationMs = Math.round(now() - startedAt);
    const badEnds = await rig.end();
    const { recoveryMs, redeliveredAfter, offered: _, ...verdict } = verdictOf(rig.ledger, rig);
    const redelivered = [...redeliveredAfter.values()];
    const found = {
      fault: scenario.fault,
      scenario: scenario.name,
      bus: bus.name,
      seed,
      faults: rig.faultsAt.length,
      ...verdict,
      orderViolations: scenario.inOrder || bus.isAlwaysInOrder ? verdict.orderViolations : null,
      slowestSendMs: Math.round(verdict.slowestSendMs),
      deadLetters: null,
      effects: null,
      redelivered: redelivered.reduce((sum, count) => sum + count, 0),
      worstRedelivered: Math.max(0, ...redelivered),
      worstRecoveryMs: worst(recoveryMs),
      longestPauseMs: Math.round(verdict.longestPauseMs),
      worstOutageMs: Math.round(Math.max(0, ...rig.outagesMs)),
      durationMs,
      left: await broker.stock(rig.topic, rig.groupId),
      badEnds,
    };
    return { ...found, broken: brokenPromises(found, scenario) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function worst(durationsMs: readonly (number | undefined)[]): number | null {
  if (durationsMs.includes(undefined)) return null;
  return Math.round(Math.max(0, ...durationsMs.map((durationMs) => durationMs ?? 0)));
}
