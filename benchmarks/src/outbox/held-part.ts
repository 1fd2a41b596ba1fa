import type { Producer } from '@openedx-ts/events-core';
import { deferred, type EncodedEvent } from '@openedx-ts/events-core/bus';
import { OutboxRelay } from '@openedx-ts/events-outbox';
import pg from 'pg';
import type { Part } from '../part.js';
import { memoryBus } from './buses.js';
import { idleLag } from './idle-lag.js';
import { type OutboxDatabase, startOutboxDatabase } from './outbox-database.js';
import { entryOf, sampleEvents, schemasOf } from './sample-events.js';

/** What other work on a PostgreSQL does to a relay: a snapshot that is held open, and a write in another database. */
export const outboxHeldPart: Part = {
  run: async () => {
    await using outbox = await startOutboxDatabase('postgres');
    const events = await sampleEvents(eventsOfTenth, 1_000);
    await outbox.store.storeSchemas(outbox.database, schemasOf(events));
    const quiet = await idleLag(outbox, events, { isNudged: false, samples });
    const beside = await besideOpenWrite(outbox, () =>
      idleLag(outbox, events, { isNudged: false, samples: samples * 3 }),
    );
    const tenths = await underHeldSnapshot(outbox, () => relayTenths(outbox, events));
    const [first = 0, last = 0] = [tenths[0], tenths.at(-1)];
    return [
      'The memory bus; events of one topic and 1,000 keys.',
      '',
      '| while a snapshot is held open | events per second | against | bar |',
      '|---|---|---|---|',
      `| first tenth of ${total(events)} events | ${rounded(first)} | – | – |`,
      `| last tenth | ${rounded(last)} | ${(last / first).toFixed(2)} × the first | ≥ 0.7 |`,
      '',
      '| from COMMIT to the bus, by polling alone | p50 | p99 | bar |',
      '|---|---|---|---|',
      `| nothing else | ${ms(quiet.p50)} | ${ms(quiet.p99)} | – |`,
      `| a write is open in another database, for ${Math.round(beside.openMs / 1_000)} s | ${ms(beside.lag.p50)} | ${ms(beside.lag.p99)} | ≤ ${ms(quiet.p99 + 50)} |`,
    ].join('\n');
  },
};

/** Relays a backlog ten times, by one relay, and measures each from its first batch to its last. */
async function relayTenths(
  outbox: OutboxDatabase,
  events: readonly EncodedEvent[],
): Promise<readonly number[]> {
  const bus = memoryBus();
  let tenthBus = bus.producer();
  let gate = deferred();
  let left = events.length;
  let relayed = deferred();
  const producer: Pick<Producer, 'publishEncoded'> = {
    publishEncoded: async (batch, options) => {
      await gate.promise; // the whole backlog is stored first
      const results = await tenthBus.publishEncoded(batch, options);
      left -= results.length;
      if (left <= 0) relayed.resolve();
      return results;
    },
  };
  await using relay = new OutboxRelay({ ...outbox, producer });
  const running = relay.run();
  const rates: number[] = [];
  for (let tenth = 0; tenth < 10; tenth += 1) {
    await outbox.append(events.map(entryOf));
    const startedAt = performance.now();
    gate.resolve();
    await relayed.promise;
    rates.push((events.length / (performance.now() - startedAt)) * 1000);
    gate = deferred();
    relayed = deferred();
    tenthBus = bus.producer();
    left = events.length;
  }
  relay.stop();
  await running;
  return rates;
}

/** Runs work while a transaction keeps every row that is deleted meanwhile. */
async function underHeldSnapshot<T>({ url }: OutboxDatabase, work: () => Promise<T>): Promise<T> {
  await using holder = await connect(url);
  await holder.client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await holder.client.query('SELECT count(*) FROM event_outbox');
  return await work();
}

/** Runs work while a transaction of another database has written and does not end. */
async function besideOpenWrite<T>(
  { database, url }: OutboxDatabase,
  work: () => Promise<T>,
): Promise<{ readonly lag: T; readonly openMs: number }> {
  await database.query('CREATE DATABASE other');
  await using writer = await connect(url.replace(/\/postgres$/, '/other'));
  await writer.client.query('CREATE TABLE written (value text)');
  await writer.client.query('BEGIN');
  await writer.client.query(`INSERT INTO written VALUES ('not committed')`);
  const openedAt = performance.now();
  const lag = await work();
  return { lag, openMs: performance.now() - openedAt };
}

async function connect(url: string): Promise<AsyncDisposable & { readonly client: pg.Client }> {
  const client = new pg.Client(url);
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}

function total(events: readonly EncodedEvent[]): string {
  return (events.length * 10).toLocaleString('en-US');
}

function rounded(rate: number): string {
  return Math.round(rate).toLocaleString('en-US');
}

function ms(duration: number): string {
  return `${duration.toFixed(1)} ms`;
}

const eventsOfTenth = 50_000;
/** About twenty seconds of them; beside the open write, a minute. */
const samples = 200;
