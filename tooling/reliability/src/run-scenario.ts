import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BusUnderTest } from './buses/bus-under-test.js';
import { deadLettersOf } from './buses/dead-letters-of.js';
import { brokenPromises } from './checker/broken-promises.js';
import { deadLetterCounts } from './checker/dead-letter-counts.js';
import { logFindings } from './checker/log-findings.js';
import { verdictOf } from './checker/verdict.js';
import { now } from './journal/journal-line.js';
import type { OtherVersion } from './processes/other-version.js';
import { prepareProcessScripts } from './processes/process-scripts.js';
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
  /** For a scenario that needs it; otherwise this version stands for it. */
  readonly other?: OtherVersion | undefined;
}

/**
 * Runs a scenario on a broker of its own and reads the journals. Everything it started is gone when it resolves or
 * rejects.
 *
 * @throws RigFailure when it could not be done to the end
 */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const { bus, seed, size, other } = options;
  const { isProxied = false, patienceMs = 20_000 } = scenario;
  const folder = await mkdtemp(join(tmpdir(), 'reliability-'));
  try {
    await using broker = await bus.start({ isProxied });
    if (broker.startProcess === undefined) await prepareProcessScripts(broker.env);
    await using rig = new Rig({
      broker,
      random: seededRandom(seed),
      folder,
      patienceMs,
      otherClone: other?.clone,
    });
    const startedAt = now();
    await scenario.run(rig, size);
    const durationMs = Math.round(now() - startedAt);
    const badEnds = await rig.end();
    const { shouldDie, faultsAt, killed } = rig;
    const found = shouldDie === undefined ? [] : await deadLettersOf(broker, rig);
    const {
      recoveryMs,
      redeliveredAfter,
      offered: _,
      ...verdict
    } = verdictOf(rig.ledger, {
      faultsAt,
      killed,
      deadLetters: new Set(found),
    });
    const redelivered = [...redeliveredAfter.values()];
    const log = await broker.log?.(rig.topic);
    const pauses = rig.ledger.partitions?.pauses;
    const result = {
      fault: scenario.fault,
      scenario: scenario.name,
      bus: bus.name,
      seed,
      ...(scenario.needsOtherVersion && other !== undefined ? { against: other.commit } : {}),
      // Events that are hard on their receivers are not done at a moment.
      faults: faultsAt.length > 0 ? faultsAt.length : size.faults,
      ...verdict,
      ...(log === undefined ? {} : logFindings(rig.ledger, log)),
      ...(pauses === undefined ? {} : { pauses }),
      orderViolations: scenario.inOrder || bus.isAlwaysInOrder ? verdict.orderViolations : null,
      slowestSendMs: Math.round(verdict.slowestSendMs),
      deadLetters: shouldDie === undefined ? null : deadLetterCounts(rig.ledger, found, shouldDie),
      effects: (await rig.countEffects?.()) ?? null,
      redelivered: redelivered.reduce((sum, count) => sum + count, 0),
      worstRedelivered: Math.max(0, ...redelivered),
      worstRecoveryMs: verdict.lost > 0 && recoveryMs.includes(undefined) ? null : worst(recoveryMs),
      longestPauseMs: Math.round(verdict.longestPauseMs),
      worstOutageMs: Math.round(Math.max(0, ...rig.outagesMs)),
      durationMs,
      left: await broker.stock(rig.topic, rig.groupId),
      badEnds,
    };
    return { ...result, broken: brokenPromises(result, scenario, bus) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** After the last fault there may be nothing left to handle. */
function worst(durationsMs: readonly (number | undefined)[]): number {
  return Math.round(Math.max(0, ...durationsMs.map((durationMs) => durationMs ?? 0)));
}
