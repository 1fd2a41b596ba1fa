import { appendFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { MemoryBroker, memoryEventBus } from '@openedx-ts/event-bus-memory';
import {
  configureEvents,
  InfrastructureError,
  type Producer,
  route,
  startEventBus,
} from '@openedx-ts/events-core';
import {
  OutboxRelay,
  type OutboxRelayParts,
  postgresOutboxStore,
  type SqlOutbox,
  sqlOutbox,
} from '@openedx-ts/events-outbox';
import { pgliteDatabase, type SqlDatabase } from '@openedx-ts/events-sql';
import { ITEM_SENT } from '../item-sent.js';
import type { BusProcess } from '../processes/bus-process.js';
import type {
  DatabaseUnderTest,
  RelayOptions,
  RunningDatabase,
  WriterOptions,
} from './database-under-test.js';
import { LivesInProcess } from './lives-in-process.js';
import { writeChanges } from './write-changes.js';

/** PGlite and the memory bus, all in the process of the rig: who is killed is cut off from both. */
export const pgliteUnderTest: DatabaseUnderTest = {
  name: 'pglite',
  publishesOn: 'memory',
  isServer: false,
  start: async () => {
    const pglite = await PGlite.create();
    const database = pgliteDatabase(pglite) as SqlDatabase<unknown>;
    const plugin = memoryEventBus(new MemoryBroker({ retainedMessages: Number.POSITIVE_INFINITY }));
    const admin = await plugin.createAdmin?.({});
    const topics = admin?.topics;
    if (topics === undefined) throw new TypeError('the memory bus does not let its topics be read');
    const outbox = sqlOutbox(database, { relay: false });
    let bus: Promise<AsyncDisposable> | undefined;
    const startBus = ({ topic }: WriterOptions) => {
      const routes = [route(ITEM_SENT, { topic, eventKeyField: 'item.key', mode: 'outbox' })];
      bus ??= startEventBus({ routes, outbox });
      return bus;
    };
    return {
      database,
      topics,
      startWriter: (life, options) =>
        new LivesInProcess(life, async (stopSignal, checkAlive) => {
          await startBus(options);
          await writeInProcess(options, { outbox, database, stopSignal, checkAlive });
        }),
      startRelay: (life, options) =>
        relayInProcess(life, options, { database, createProducer: async () => plugin.createProducer({}) }),
      kill: cannotBeKilled,
      restart: cannotBeKilled,
      [Symbol.asyncDispose]: async () => {
        await (await bus)?.[Symbol.asyncDispose]();
        await admin?.close();
        await pglite.close();
      },
    } satisfies RunningDatabase;
  },
};

function writeInProcess(
  options: WriterOptions,
  parts: {
    readonly outbox: SqlOutbox<unknown>;
    readonly database: SqlDatabase<unknown>;
    readonly stopSignal: AbortSignal;
    readonly checkAlive: () => void;
  },
): Promise<void> {
  const onDeadlock = (error: unknown) => appendFileSync(options.deadlocks, `${String(error)}\n`);
  return writeChanges(options, { ...parts, onDeadlock });
}

function relayInProcess(
  life: string,
  { leaseMs }: RelayOptions,
  parts: { readonly database: SqlDatabase<unknown>; readonly createProducer: () => Promise<Producer> },
): BusProcess {
  return new LivesInProcess(life, async (stopSignal, checkAlive) => {
    await using bus = await parts.createProducer();
    const database = cutOff(parts.database, checkAlive);
    const producer: Pick<Producer, 'publishEncoded'> = {
      publishEncoded: async (events, options) => {
        checkAlive();
        return bus.publishEncoded(events, options);
      },
    };
    const options = { leaseMs, closeTimeoutMs: 100 };
    await using relay = relayOf(life, { database, store: postgresOutboxStore(), producer, options });
    await relay.run({ abortSignal: stopSignal });
  });
}

/** By its host the lease shows who holds it. */
function relayOf(life: string, parts: OutboxRelayParts): OutboxRelay {
  using _ = configureEvents({ sourceHost: life });
  return new OutboxRelay(parts);
}

/** Its statements fail once its owner is dead; those that had started have their effect, and nobody hears of it. */
function cutOff(database: SqlDatabase<unknown>, checkAlive: () => void): SqlDatabase<unknown> {
  return {
    dialect: database.dialect,
    query: async (text, values) => {
      checkAlive();
      const result = await database.query(text, values);
      checkAlive();
      return result;
    },
    transaction: (work) =>
      database.transaction(async (transaction, executor) => {
        checkAlive();
        const result = await work(transaction, executor);
        checkAlive();
        return result;
      }),
  };
}

async function cannotBeKilled(): Promise<void> {
  throw new InfrastructureError('PGlite ends with the process of the rig');
}
