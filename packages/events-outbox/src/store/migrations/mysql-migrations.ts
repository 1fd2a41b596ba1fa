import { LANES } from '../lane-of.js';
import type { OutboxTables } from '../outbox-tables.js';
import type { OutboxMigration } from './outbox-migration.js';

/**
 * The migrations of MySQL and MariaDB. MySQL commits after each statement that creates a table, so each can run twice: a
 * process that died in the middle is followed by one that starts the migration again.
 */
export function mysqlMigrations(tables: OutboxTables): readonly OutboxMigration[] {
  return [
    {
      version: 1,
      readableFrom: 1,
      summary: 'tables of pending, parked and published events, of schemas, of lanes and of the relay',
      statements: createTables(tables),
    },
  ];
}

/** The table of versions, which is there before the first migration. */
export function mysqlVersionTable({ migrations }: OutboxTables): string {
  return `CREATE TABLE IF NOT EXISTS ${migrations} (
  version int NOT NULL PRIMARY KEY,
  readable_from int NOT NULL,
  applied_at datetime(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6))
) ${ENGINE}`;
}

function createTables({
  pending,
  schemas,
  parked,
  published,
  relay,
  lanes,
}: OutboxTables): readonly string[] {
  return [
    // The sum of the lengths is stored, so that a page of limited bytes is found without reading the events.
    `CREATE TABLE IF NOT EXISTS ${pending} (
  ${eventColumns('position bigint unsigned NOT NULL AUTO_INCREMENT')},
  bytes bigint AS (LENGTH(record) + LENGTH(key_bytes) + LENGTH(event_key) + LENGTH(metadata)) STORED,
  appended_at datetime(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
  PRIMARY KEY (topic, position),
  KEY (position)
) ${ENGINE}`,
    `CREATE TABLE IF NOT EXISTS ${schemas} (
  fingerprint ${FINGERPRINT} NOT NULL PRIMARY KEY,
  schema_text longtext NOT NULL
) ${ENGINE}`,
    `CREATE TABLE IF NOT EXISTS ${parked} (
  ${eventColumns('position bigint unsigned NOT NULL')},
  appended_at datetime(6) NOT NULL,
  code varchar(100) NOT NULL,
  reason text NOT NULL,
  attempts int NOT NULL,
  parked_at datetime(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
  PRIMARY KEY (topic, position, event_id),
  KEY (topic, lane)
) ${ENGINE}`,
    `CREATE TABLE IF NOT EXISTS ${published} (
  ${eventColumns('position bigint unsigned NOT NULL')},
  appended_at datetime(6) NOT NULL,
  bus_position varchar(255) NOT NULL,
  published_at datetime(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
  PRIMARY KEY (topic, position, event_id),
  KEY (published_at)
) ${ENGINE}`,
    `CREATE TABLE IF NOT EXISTS ${relay} (
  id smallint NOT NULL PRIMARY KEY,
  holder varchar(255) NOT NULL,
  host varchar(255) NOT NULL,
  term bigint NOT NULL,
  beat bigint NOT NULL,
  renewed_at datetime(6) NOT NULL DEFAULT (UTC_TIMESTAMP(6))
) ${ENGINE}`,
    `INSERT IGNORE INTO ${relay} (id, holder, host, term, beat) VALUES (1, '', '', 0, 0)`,
    `CREATE TABLE IF NOT EXISTS ${lanes} (lane smallint NOT NULL PRIMARY KEY) ${ENGINE}`,
    `INSERT IGNORE INTO ${lanes} (lane) VALUES ${Array.from({ length: LANES }, (_, lane) => `(${lane})`).join(', ')}`,
  ];
}

/** Names and ids are compared by bytes, keys and metadata keep every character. */
const ENGINE = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
const FINGERPRINT = 'varchar(64) CHARACTER SET ascii COLLATE ascii_bin';

function eventColumns(position: string): string {
  return `topic varchar(255) NOT NULL,
  ${position},
  lane smallint NOT NULL,
  event_type varchar(255) NOT NULL,
  event_id char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_key longtext NOT NULL,
  key_bytes longblob NOT NULL,
  key_schema ${FINGERPRINT} NOT NULL,
  record longblob NOT NULL,
  record_schema ${FINGERPRINT} NOT NULL,
  metadata longtext NOT NULL`;
}
