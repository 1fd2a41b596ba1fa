import { OutboxRelay, type RelayOptions } from '@openedx-ts/events-outbox';
import { openBus } from '../bus/open-bus.js';
import type { CliIo } from '../terminal/cli-io.js';
import type { DatabaseOptions } from './database-options.js';
import { openOutbox } from './open-outbox.js';

/** Options of `outbox relay`. */
export interface RelayCommandOptions extends DatabaseOptions {
  readonly bus?: string;
  readonly whenParked: NonNullable<RelayOptions['whenParked']>;
  readonly keepPublished?: number;
  readonly verbose: boolean;
}

/**
 * Publishes what committed transactions have stored, until the command is interrupted: by lease, so that several may run.
 * The database must be reachable at the start. Later outages, and those of the broker, are waited out with a warning.
 *
 * @throws CommandError when no bus or no database is named
 * @throws OutboxTablesError when the tables are missing or of another version
 * @throws InfrastructureError when the database cannot be reached at the start
 */
export async function runRelay(options: RelayCommandOptions, io: CliIo): Promise<void> {
  const { keepPublished, whenParked, verbose } = options;
  const { env = {}, abortSignal } = io;
  using bus = await openBus(options.bus, io, { level: verbose ? 'info' : 'warn' });
  await using outbox = await openOutbox(options, io, { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  const { database, store } = outbox;
  await store.checkVersion(database);
  await using producer = await bus.plugin.createProducer(env, { closeTimeoutMs: 500 });
  const keepPublishedMs = keepPublished === undefined ? {} : { keepPublishedMs: keepPublished };
  const relayOptions = { whenParked, ...keepPublishedMs };
  await using relay = new OutboxRelay({ database, store, producer, options: relayOptions });
  await relay.run({ abortSignal });
  if (abortSignal.reason !== 'SIGTERM') abortSignal.throwIfAborted();
}

/** Longer than any statement of a relay takes. */
const STATEMENT_TIMEOUT_MS = 60_000;
