import { BoundedCache, type WriterSchema } from '@openedx-ts/events-core/bus';
import type { SchemaStore } from './schema-store.js';

/** Keeps schemas in a store, each once however many events use it. */
export class KeptSchemas {
  readonly #store: SchemaStore;
  readonly #stored = new BoundedCache<string, true>({ maxEntries: 1_000 });
  readonly #pending = new Map<string, Promise<void>>();

  constructor(store: SchemaStore) {
    this.#store = store;
  }

  /** Keeps a schema in the store. Returns undefined when it is kept already, else a promise of it. */
  keep(schema: WriterSchema): void | Promise<void> {
    const { fingerprint } = schema;
    if (this.#store.keep === undefined || this.#stored.get(fingerprint)) return;
    const pending = this.#pending.get(fingerprint);
    if (pending !== undefined) return pending;
    const answer = this.#store.keep(schema);
    if (!(answer instanceof Promise)) {
      this.#stored.set(fingerprint, true);
      return;
    }
    const keeping = answer
      .then(() => this.#stored.set(fingerprint, true))
      .then(() => undefined)
      .finally(() => this.#pending.delete(fingerprint));
    this.#pending.set(fingerprint, keeping);
    return keeping;
  }
}
