import type { EncodedEvent } from '@openedx-ts/events-core/bus';
import type { OutboxDatabase } from './outbox-database.js';
import { entryOf } from './sample-events.js';

/** How many statements the outbox adds to a transaction with so many events. */
export async function statementsOf(
  { database, store }: OutboxDatabase,
  events: readonly EncodedEvent[],
): Promise<number> {
  let statements = 0;
  await database.transaction(async (_, executor) => {
    const counting: typeof executor = {
      ...executor,
      query: (...statement) => {
        statements += 1;
        return executor.query(...statement);
      },
    };
    await store.append(counting, events.map(entryOf));
  });
  return statements;
}
