import { runtime } from '@openedx-ts/events-core/bus';
import type { RelayContext } from './relay-context.js';

/**
 * Records the fact `outbox.state`.
 *
 * @param floors of each topic that is known, the position up to which nothing is pending
 */
export async function reportState(
  { database, store }: RelayContext,
  floors: ReadonlyMap<string, bigint>,
): Promise<void> {
  const { telemetry } = runtime();
  const { topics, lease } = await database.run('read the state', (db) =>
    store.status(db, { countUpTo: COUNT_UP_TO, after: floors }),
  );
  const ages = topics.flatMap(({ oldestAgeMs }) => oldestAgeMs ?? []);
  telemetry.record({
    type: 'outbox.state',
    pending: topics.reduce((sum, { pending }) => sum + pending, 0),
    oldestAgeMs: ages.length === 0 ? null : Math.max(...ages),
    parked: topics.reduce((sum, { parked }) => sum + parked, 0),
    holder: lease?.host ?? null,
  });
}

/** Of each topic: counting reads the rows. */
const COUNT_UP_TO = 10_000;
