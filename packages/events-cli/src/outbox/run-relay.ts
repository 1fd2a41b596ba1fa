import { OutboxRelay, type RelayOptions } from '@openedx-ts/events-outbox';
import { mustReachOthers } from '../bus/must-reach-others.js';
import { openBus } from '../bus/open-bus.js';
import type { CliIo } from '../terminal/cli-io.js';
import type { DatabaseOptions } from './database-options.js';
import { openOutbox } from './open-outbox.js';

/** Options of `outbox relay`. */
export interface RelayCommandOptions extends DatabaseOptions {
  readonly bus?: string;
  readonly whenParked: NonNullable<RelayOptions['whenParked']>;
  readonly keepPublished?: number;
  /** How long a relay that stopped renewing its lease keeps it, in milliseconds. */
  readonly lease?: number;
  /** Time between two looks for events, in milliseconds. */
  readonly poll?: number;
  /** Events that are read and published at once, of one topic. */
  readonly batch?: number;
  readonly verbose: boolean;
}

/**
 * Publishes what committed transactions have stored, until the command is interrupted: by lease, so that several may run.
 * The database must be reachable at the start. Later outages, and those of the broker, are waited out with a warning.
 *
 * @throws InvalidOptionsError for a duration of 0, with its name
 * @throws CommandError when no bus or no database is named, or the bus is one that only this process would see
 * @throws OutboxTablesError when the tables are missing or of another version
 * @throws InfrastructureError when the database cannot be reached at the start
 */
export async function runRelay(options: RelayCommandOptions, io: CliIo): Promise<void> {
  const { verbose } = options;
  const { env = {}, abortSignal } = io;
  using bus = await openBus(options.bus, io, { level: verbose ? 'info' : 'warn' });
  mustReachOthers('outbox relay', bus.given, ['null', 'memory']);
  await using outbox = await openOutbox(options, io, { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  const { database, store } = outbox;
  await store.checkVersion(database);
  await using producer = await bus.plugin.createProducer(env, { closeTimeoutMs: 500 });
  await using relay = new OutboxRelay({ database, store, producer, options: relayOptionsOf(options) });
  await relay.run({ abortSignal });
  if (abortSignal.reason !== 'SIGTERM') abortSignal.throwIfAborted();
}

function relayOptionsOf(options: RelayCommandOptions): RelayOptions {
  const { whenParked, keepPublished, lease, poll, batch } = options;
  return {
    whenParked,
    ...(keepPublished !== undefined && { keepPublishedMs: keepPublished }),
    ...(lease !== undefined && { leaseMs: lease }),
    ...(poll !== undefined && { pollIntervalMs: poll }),
    ...(batch !== undefined && { maxBatchRows: batch }),
  };
}

/** Longer than any statement of a relay takes. */
const STATEMENT_TIMEOUT_MS = 60_000;
