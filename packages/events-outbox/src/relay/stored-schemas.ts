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
      const stored = storedSchema(fingerprint, schema);
      found.set(fingerprint, stored);
      this.#keep(fingerprint, stored);
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

function storedSchema(fingerprint: string, schema: WriterSchema): StoredSchema {
  let check: RecordCheck | undefined;
  let problem: string | undefined;
  try {
    if (fingerprintOf(schema.text) !== fingerprint)
      problem = `the text stored for schema ${fingerprint} is another`;
    else check = new RecordCheck(schema.text);
  } catch (error) {
    problem = `schema ${fingerprint} cannot be read: ${reasonOf(error)}`;
  }
  return { schema, problem: (bytes) => problem ?? check?.problem(bytes) };
}
