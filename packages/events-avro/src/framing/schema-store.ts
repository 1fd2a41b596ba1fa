import type { WriterSchema } from '@openedx-ts/events-core/bus';

/** Stores the schemas of bare messages by fingerprint. Both methods may return their result or a promise of it. */
export interface SchemaStore {
  /**
   * Returns the text of a schema, or undefined when the store certainly has none: its messages are then dead-lettered.
   * A store that is unreachable or may lag behind throws `InfrastructureError` instead, and the message is retried.
   */
  textOf(fingerprint: string): string | undefined | Promise<string | undefined>;
  /** Stores a schema before the first message that names it. Optional: a bus may store schemas in another way. */
  keep?(schema: WriterSchema): void | Promise<void>;
}
