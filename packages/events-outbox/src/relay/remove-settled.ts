import { backOff, runtime } from '@openedx-ts/events-core/bus';
import type { BatchOutcome } from './publish-batch.js';
import type { RelayContext } from './relay-context.js';

/**
 * Removes entries that were accepted, and parks those that failed by their own fault. Tries again while the database
 * fails, until the signal fires: what is not removed is published again.
 *
 * @throws what the database throws, once the signal has fired
 */
export async function removeSettled(
  { database, store, options }: RelayContext,
  topic: string,
  { accepted, parked }: BatchOutcome,
  abortSignal: AbortSignal,
): Promise<void> {
  const keep = options.keepPublishedMs > 0;
  const untilDone = async (statements: () => Promise<void>) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await statements();
      } catch (error) {
        if (abortSignal.aborted) throw error;
        await backOff(tries, { initialMs: 50, maxMs: 500 }, abortSignal);
      }
    }
  };
  if (accepted.length > 0) {
    await untilDone(() =>
      database.run('remove published entries', (db) =>
        keep
          ? db.transaction((_, executor) => store.removePublished(executor, topic, accepted, { keep }))
          : store.removePublished(db, topic, accepted, { keep }),
      ),
    );
  }
  if (parked.length === 0) return;
  await untilDone(() =>
    database.run('park entries', (db) =>
      db.transaction((_, executor) => store.park(executor, topic, parked)),
    ),
  );
  for (const { eventType, eventId, code } of parked) {
    runtime().telemetry.record({ type: 'outbox.parked', topic, eventType, eventId, code });
  }
}
