import { setTimeout as sleep } from 'node:timers/promises';
import { InfrastructureError } from '@openedx-ts/events-core';
import type { BusProcess } from '../processes/bus-process.js';
import { RigFailure } from '../rig-failure.js';

/** What is waited for, and who works on it. */
export interface WaitedFor {
  /** For the failure: a sentence that is to come true. */
  readonly what: string;
  /** None of them may end meanwhile. */
  readonly processes: () => readonly BusProcess[];
  /** Asks; calls `moved` when something has changed. While the database is restarted it may reject. */
  isDone(moved: () => void): Promise<boolean>;
}

/**
 * Waits for something to come true.
 *
 * @throws RigFailure when a process has ended, or nothing has moved for a minute
 */
export async function waitUntil({ what, processes, isDone }: WaitedFor): Promise<void> {
  let movedAt = performance.now();
  const moved = () => {
    movedAt = performance.now();
  };
  for (;;) {
    const isOver = await isDone(moved).catch((error: unknown) => {
      if (InfrastructureError.is(error)) return false;
      throw error;
    });
    if (isOver) return;
    const dead = processes().find(({ end }) => end !== undefined);
    if (dead !== undefined) throw new RigFailure(`${dead.life} ended with ${dead.end}:\n${dead.stderr}`);
    if (performance.now() - movedAt > patienceMs) throw new RigFailure(stuck(what, processes()));
    await sleep(pollMs);
  }
}

function stuck(what: string, processes: readonly BusProcess[]): string {
  const reports = processes.map(({ life, stderr }) => `${life}: ${stderr}`);
  return `${patienceMs} ms have passed, and not yet: ${what}\n${reports.join('\n')}`;
}

const pollMs = 50;
const patienceMs = 60_000;
