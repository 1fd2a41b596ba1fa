import type { Producer } from '@openedx-ts/events-core';
import type { EncodedEvent } from '@openedx-ts/events-core/bus';
import { OutboxRelay, type PendingEntry } from '@openedx-ts/events-outbox';
import type { Subject } from '../measure.js';
import type { MeasuredBus } from './buses.js';
import type { OutboxDatabase } from './outbox-database.js';
import { entryOf, topic } from './sample-events.js';

/** Publishing the same encoded events on a bus: by a relay from the outbox, and by the bus itself. */
export function relaySubjects(
  outbox: OutboxDatabase,
  bus: Pick<MeasuredBus, 'name' | 'producer'>,
  events: readonly EncodedEvent[],
): readonly Subject[] {
  const times = events.length;
  return [
    {
      name: `relay on ${bus.name}`,
      times,
      prepare: () => fill(outbox, events),
      run: () => relayAll(outbox, bus.producer(), times),
    },
    { name: `publishEncoded on ${bus.name}`, times, run: () => publishAll(bus.producer(), events) },
  ];
}

/** What a relay does with the database, without a bus: the next page is read while the one before is deleted. */
export function databaseSubject(outbox: OutboxDatabase, events: readonly EncodedEvent[]): Subject {
  return {
    name: 'database alone',
    times: events.length,
    prepare: () => fill(outbox, events),
    run: () => selectAndDelete(outbox),
  };
}

async function fill(outbox: OutboxDatabase, events: readonly EncodedEvent[]): Promise<void> {
  await outbox.empty('event_outbox');
  await outbox.append(events.map(entryOf));
}

/** From the start of a relay until everything is published and deleted, and the lease is free. */
async function relayAll(
  { database, store }: OutboxDatabase,
  producer: Pick<Producer, 'publishEncoded'>,
  times: number,
): Promise<void> {
  const done = new AbortController();
  let left = times;
  const counting: Pick<Producer, 'publishEncoded'> = {
    publishEncoded: async (events, options) => {
      const results = await producer.publishEncoded(events, options);
      left -= results.filter(({ status }) => status === 'fulfilled').length;
      if (left <= 0) done.abort();
      return results;
    },
  };
  await using relay = new OutboxRelay({ database, store, producer: counting });
  await relay.run({ abortSignal: done.signal });
}

async function publishAll(
  producer: Pick<Producer, 'publishEncoded'>,
  events: readonly EncodedEvent[],
): Promise<void> {
  for (let from = 0; from < events.length; from += batch) {
    const results = await producer.publishEncoded(events.slice(from, from + batch), { inOrder: true });
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

async function selectAndDelete({ database, store }: OutboxDatabase): Promise<void> {
  const page = { topic, maxRows: batch, maxBytes: 4 * 1024 * 1024, holdParkedKeys: false };
  const read = (except: readonly bigint[]) =>
    store.readPending(database, { ...page, after: (except[0] ?? 1n) - 1n, except });
  const positionsOf = (entries: readonly PendingEntry[]) => entries.map(({ position }) => position);
  let before: readonly PendingEntry[] = [];
  let entries = await read([]);
  while (entries.length > 0) {
    const next = read([...positionsOf(before), ...positionsOf(entries)]);
    const published = entries.map(({ position, eventId }) => ({ position, eventId, busPosition: '' }));
    await store.removePublished(database, topic, published, { keep: false });
    [before, entries] = [entries, await next];
  }
}

/** As many as a relay publishes at once by default. */
const batch = 500;
