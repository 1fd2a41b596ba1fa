import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { InfrastructureError } from '@openedx-ts/events-core';
import type { SqlOutbox } from '@openedx-ts/events-outbox';
import type { SqlDatabase, SqlExecutor } from '@openedx-ts/events-sql';
import { ITEM_SENT } from '../item-sent.js';
import { type SeededRandom, seededRandom } from '../seeded-random.js';
import type { WritingOptions } from './outbox-process-options.js';
import { type CommittedEvent, drawSequence, keyOf, recordTruth } from './truth.js';

/** With what writers write. */
export interface WritingParts {
  readonly outbox: SqlOutbox<unknown>;
  readonly database: SqlDatabase<unknown>;
  readonly stopSignal: AbortSignal;
  /** Called for each transaction that the database has ended because of a deadlock. */
  onDeadlock(error: unknown): void;
  /** Throws in a writer that is to die in the middle of its transaction. */
  checkAlive?(): void;
}

/**
 * Writes changes and sends events about them, until the signal: one to ten events a transaction, of which one in five
 * rolls back.
 */
export async function writeChanges(options: WritingOptions, parts: WritingParts): Promise<void> {
  const { writers, perSecond } = options;
  const meanEvents = 5.5;
  const keptShare = 0.8;
  const everyMs = (1_000 * writers * meanEvents * keptShare) / perSecond;
  await Promise.all(
    Array.from({ length: writers }, (_, index) =>
      writeUntilStopped(options, parts, { random: seededRandom(options.seed + index * 7_919), everyMs }),
    ),
  );
}

interface Pace {
  readonly random: SeededRandom;
  readonly everyMs: number;
}

async function writeUntilStopped(
  options: WritingOptions,
  parts: WritingParts,
  { random, everyMs }: Pace,
): Promise<void> {
  const { stopSignal } = parts;
  let due = performance.now() + random.below(Math.ceil(everyMs));
  while (!stopSignal.aborted) {
    const waitMs = due - performance.now();
    // What an outage has cost is not written all at once afterwards.
    due = Math.max(due, performance.now() - 1_000) + everyMs;
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: stopSignal }).catch(() => {});
    if (stopSignal.aborted) return;
    try {
      await writeOnce(options, parts, random);
    } catch (error) {
      if (error instanceof RollsBack) continue;
      if (isDeadlock(error)) parts.onDeadlock(error);
      else if (!InfrastructureError.is(error)) throw error;
      await sleep(retryMs, undefined, { signal: stopSignal }).catch(() => {});
    }
  }
}

/** Keys are locked in one order, as an application does that wants no deadlocks of its own. */
async function writeOnce(options: WritingOptions, parts: WritingParts, random: SeededRandom): Promise<void> {
  const counts = new Map<string, number>();
  for (let left = 1 + random.below(10); left > 0; left--) {
    const among = random.below(2) === 0 ? options.hotKeys : options.keys;
    const key = keyOf(random.below(among));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rollsBack = random.below(5) === 0;
  const { outbox, checkAlive = () => {} } = parts;
  await parts.database.transaction((_, executor) =>
    outbox.within(executor, async () => {
      const events = await drawEvents(executor, counts);
      checkAlive();
      await recordTruth(executor, events);
      for (const { eventId, key, sequence } of events) {
        await ITEM_SENT.sendEvent({ item: { key, sequence } }, { id: eventId });
      }
      checkAlive();
      if (rollsBack) throw new RollsBack();
    }),
  );
}

async function drawEvents(
  executor: SqlExecutor,
  counts: ReadonlyMap<string, number>,
): Promise<readonly CommittedEvent[]> {
  const events: CommittedEvent[] = [];
  for (const key of [...counts.keys()].sort()) {
    const count = counts.get(key) as number;
    const first = await drawSequence(executor, key, count);
    for (let index = 0; index < count; index++)
      events.push({ eventId: randomUUID(), key, sequence: first + index });
  }
  return events;
}

/** Chosen, not a failure. */
class RollsBack extends Error {}

/** PostgreSQL's and MySQL's code of a transaction that was ended because of a deadlock. */
function isDeadlock(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, errno } = cause as { readonly code?: unknown; readonly errno?: unknown };
    if (code === '40P01' || errno === 1213) return true;
  }
  return false;
}

const retryMs = 100;
