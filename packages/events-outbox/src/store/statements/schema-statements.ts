import type { WriterSchema } from '@openedx-ts/events-core/bus';
import type { OutboxTables } from '../outbox-tables.js';
import type { Queryable } from '../queryable.js';
import { textOf } from '../row-values.js';
import { marks, runStatement, type StatementOwner } from '../run-statement.js';

/** Schemas, stored once by fingerprint. */
export class SchemaStatements {
  readonly #table: string;
  readonly #owner: StatementOwner;

  constructor({ schemas }: OutboxTables, owner: StatementOwner) {
    this.#table = schemas;
    this.#owner = owner;
  }

  /** See `OutboxStore.storeSchemas`. What is stored already costs no write, and never waits for another process. */
  async storeSchemas(queryable: Queryable, schemas: readonly WriterSchema[]): Promise<void> {
    const stored = await this.readSchemas(
      queryable,
      schemas.map(({ fingerprint }) => fingerprint),
    );
    const end =
      queryable.dialect === 'postgres'
        ? 'ON CONFLICT DO NOTHING'
        : `ON DUPLICATE KEY UPDATE ${this.#table}.fingerprint = ${this.#table}.fingerprint`;
    const text = `INSERT INTO ${this.#table} (fingerprint, schema_text) VALUES (?, ?) ${end}`;
    const missing = new Map(schemas.map((schema) => [schema.fingerprint, schema.text]));
    for (const [fingerprint, schemaText] of missing) {
      if (!stored.has(fingerprint))
        await runStatement(queryable, this.#owner, text, [fingerprint, schemaText]);
    }
  }

  /** See `OutboxStore.readSchemas`. */
  async readSchemas(
    queryable: Queryable,
    fingerprints: readonly string[],
  ): Promise<ReadonlyMap<string, WriterSchema>> {
    const found = new Map<string, WriterSchema>();
    const wanted = [...new Set(fingerprints)];
    for (let start = 0; start < wanted.length; start += PAGE) {
      const page = wanted.slice(start, start + PAGE);
      const text = `SELECT fingerprint, schema_text FROM ${this.#table} WHERE fingerprint IN (${marks(page)})`;
      const { rows } = await runStatement(queryable, this.#owner, text, page);
      for (const row of rows) {
        const fingerprint = textOf(row, 'fingerprint');
        found.set(fingerprint, { fingerprint, text: textOf(row, 'schema_text') });
      }
    }
    return found;
  }
}

const PAGE = 100;
