import type { EventBusPlugin } from '@openedx-ts/events-core';
import { OutboxRelay, outboxAdmin, postgresOutboxStore } from '@openedx-ts/events-outbox';
import type { SqlDatabase } from '@openedx-ts/events-sql';

// #region relay
/** Publishes by itself, in a process without the service. */
export async function relay(
  database: SqlDatabase<unknown>,
  eventBus: EventBusPlugin,
  abortSignal: AbortSignal,
): Promise<void> {
  const producer = await eventBus.createProducer(process.env);
  const relay = new OutboxRelay({ database, store: postgresOutboxStore(), producer });
  try {
    await relay.run({ abortSignal });
  } finally {
    await relay.close();
    await producer.close();
  }
}
// #endregion relay

// #region admin
/** Publishes again what was parked, after its cause has been cured. */
export async function redriveParked(database: SqlDatabase<unknown>, topic: string): Promise<number> {
  const admin = outboxAdmin(database, postgresOutboxStore());
  for await (const { eventType, eventId, code, reason } of admin.parked({ topic })) {
    console.log(eventType, eventId, code, reason);
  }
  const { redriven } = await admin.redrive({ topic });
  return redriven;
}
// #endregion admin
