import type { TopicStore } from '@openedx-ts/events-core/operate';
import type { SqlDatabase } from '@openedx-ts/events-sql';
import type { BusProcess } from '../processes/bus-process.js';
import type { RelayProcessOptions, WriterProcessOptions } from './outbox-process-options.js';

/** A database with an outbox that the rig can bring up, and the bus on which its events are published. */
export interface DatabaseUnderTest {
  /** As the command and the report have it. */
  readonly name: 'pglite' | 'postgres' | 'mariadb';
  /** What publishes: the memory bus where everything runs in one process, else Redis, whose entries have one order. */
  readonly publishesOn: 'memory' | 'redis';
  /** Whether its server can be killed and relays can be frozen. */
  readonly isServer: boolean;
  /** Starts a database and a broker that nobody else uses. */
  start(): Promise<RunningDatabase>;
}

/** A running database with its bus. */
export interface RunningDatabase extends AsyncDisposable {
  /** The rig's own connection. */
  readonly database: SqlDatabase<unknown>;
  /** What was published. */
  readonly topics: TopicStore;
  startWriter(life: string, options: WriterOptions): BusProcess;
  startRelay(life: string, options: RelayOptions): BusProcess;
  /** SIGKILL of the server. */
  kill(): Promise<void>;
  /** Starts it again with what it has kept. */
  restart(): Promise<void>;
}

/** What the rig decides; where the database is, the database adds. */
export type WriterOptions = Omit<WriterProcessOptions, 'database'>;
export type RelayOptions = Omit<RelayProcessOptions, 'database' | 'life'>;
