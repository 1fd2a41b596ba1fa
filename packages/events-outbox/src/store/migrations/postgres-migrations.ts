import type { OutboxTables } from '../outbox-tables.js';
import type { OutboxMigration } from './outbox-migration.js';

/** The migrations of PostgreSQL. A published one never changes: what must change gets another version. */
export function postgresMigrations(tables: OutboxTables): readonly OutboxMigration[] {
  return [
    {
      version: 1,
      readableFrom: 1,
      summary: 'tables of pending, parked and published events, of schemas and of the relay',
      statements: createTables(tables),
    },
  ];
}

/** The table of versions, which is there before the first migration. */
export function postgresVersionTable({ migrations }: OutboxTables): string {
  return `CREATE TABLE IF NOT EXISTS ${migrations} (
  version integer PRIMARY KEY,
  readable_from integer NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)`;
}

function createTables({ pending, schemas, parked, published, relay }: OutboxTables): readonly string[] {
  return [
    // Rows live for less than a second: autovacuum must not wait for a fifth of the table.
    `CREATE TABLE ${pending} (
  ${eventColumns('position bigint GENERATED ALWAYS AS IDENTITY')},
  appended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (topic, position)
) WITH (autovacuum_vacuum_scale_factor = 0.01)`,
    `CREATE TABLE ${schemas} (
  fingerprint text COLLATE "C" PRIMARY KEY,
  schema_text text NOT NULL
)`,
    `CREATE TABLE ${parked} (
  ${eventColumns('position bigint NOT NULL')},
  appended_at timestamptz NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  attempts integer NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (topic, position, event_id)
)`,
    `CREATE INDEX ${bare(parked)}_lane ON ${parked} (topic, lane)`,
    `CREATE TABLE ${published} (
  ${eventColumns('position bigint NOT NULL')},
  appended_at timestamptz NOT NULL,
  bus_position text NOT NULL,
  published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (topic, position, event_id)
)`,
    `CREATE INDEX ${bare(published)}_published_at ON ${published} (published_at)`,
    `CREATE TABLE ${relay} (
  id smallint PRIMARY KEY CHECK (id = 1),
  holder text NOT NULL,
  host text NOT NULL,
  term bigint NOT NULL,
  beat bigint NOT NULL,
  renewed_at timestamptz NOT NULL DEFAULT clock_timestamp()
)`,
    `INSERT INTO ${relay} (id, holder, host, term, beat) VALUES (1, '', '', 0, 0)`,
  ];
}

/** Topics are compared by bytes, so that the order of the index does not depend on the locale of the server. */
function eventColumns(position: string): string {
  return `topic text COLLATE "C" NOT NULL,
  ${position},
  lane smallint NOT NULL,
  event_type text NOT NULL,
  event_id uuid NOT NULL,
  event_key text NOT NULL,
  key_bytes bytea NOT NULL,
  key_schema text NOT NULL,
  record bytea NOT NULL,
  record_schema text NOT NULL,
  metadata text NOT NULL`;
}

/** An index lies in the schema of its table, and its own name is never qualified. */
function bare(table: string): string {
  return table.slice(table.lastIndexOf('.') + 1);
}
