import { fingerprintOf, RecordCheck } from '@openedx-ts/events-avro';
import { reasonOf, type WriterSchema } from '@openedx-ts/events-core/bus';
import type { OutboxStore } from '../store/outbox-store.js';
import type { RelayDatabase } from './relay-database.js';

/** A schema of the outbox. */
export interface StoredSchema {
  readonly schema: WriterSchema;
  /** What is wrong with bytes that should have been written with it; undefined when nothing is. */
  problem(bytes: Uint8Array): string | undefined;
}

/** The schemas of the outbox by fingerprint, of which those that were read last are kept. */
export class StoredSchemas {
  readonly #database: RelayDatabase;
  readonly #store: OutboxStore;
  readonly #kept = new Map<string, StoredSchema>();
  #keptCharacters = 0;

  constructor(database: RelayDatabase, store: OutboxStore) {
    this.#database = database;
    this.#store = store;
  }

  /** Returns the schemas that are stored; others are missing in the result. */
  async find(fingerprints: ReadonlySet<string>): Promise<ReadonlyMap<string, StoredSchema>> {
    const found = new Map<string, StoredSchema>();
    const unknown: string[] = [];
    for (const fingerprint of fingerprints) {
      const kept = this.#kept.get(fingerprint);
      if (kept === undefined) unknown.push(fingerprint);
      else found.set(fingerprint, kept);
    }
    if (unknown.length === 0) return found;
    const read = await this.#database.run('read schemas', (db) => this.#store.readSchemas(db, unknown));
    for (const [fingerprint, schema] of read) {
      const check = checkOf(fingerprint, schema);
      const stored = { schema, problem: problemBy(check) };
      found.set(fingerprint, stored);
      if (check instanceof RecordCheck) this.#keep(fingerprint, stored); // somebody may repair another
    }
    return found;
  }

  #keep(fingerprint: string, stored: StoredSchema): void {
    if (this.#kept.has(fingerprint)) return; // another topic has read it at the same time
    this.#kept.set(fingerprint, stored);
    this.#keptCharacters += stored.schema.text.length;
    for (const [oldest, { schema }] of this.#kept) {
      if (this.#kept.size <= MAX_KEPT && this.#keptCharacters <= MAX_KEPT_CHARACTERS) return;
      this.#kept.delete(oldest);
      this.#keptCharacters -= schema.text.length;
    }
  }
}

/** A compiled schema takes up to 25 bytes for each character of its text. */
const MAX_KEPT_CHARACTERS = 1_000_000;
const MAX_KEPT = 1_000;

/** The check of records by a schema, or why there is none. */
function checkOf(fingerprint: string, schema: WriterSchema): RecordCheck | string {
  try {
    if (fingerprintOf(schema.text) !== fingerprint)
      return `the text stored for schema ${fingerprint} is another`;
    return new RecordCheck(schema.text);
  } catch (error) {
    return `schema ${fingerprint} cannot be read: ${reasonOf(error)}`;
  }
}

function problemBy(check: RecordCheck | string): StoredSchema['problem'] {
  return typeof check === 'string' ? () => check : (bytes) => check.problem(bytes);
}
