import { InfrastructureError, type OutgoingEvent, type Route } from '@openedx-ts/events-core';
import {
  type EncodedEvent,
  type EventCodec,
  type EventEncoder,
  eventEncoder,
  metadataToJson,
  runtime,
  type WriterSchema,
} from '@openedx-ts/events-core/bus';
import type { OutboxEntry } from '../store/outbox-entry.js';

/** Turns events into entries of the outbox, whose schemas are stored before the entry is. */
export class OutboxEncoder {
  readonly #encoder: EventEncoder;
  readonly #storeSchemas: (schemas: readonly WriterSchema[]) => Promise<void>;
  /** Fingerprints of the schemas that are stored. As many as there are signals and keys. */
  readonly #stored = new Set<string>();
  readonly #storing = new Map<string, Promise<void>>();

  /** @param storeSchemas stores schemas by statements that commit by themselves */
  constructor(codec: EventCodec, storeSchemas: (schemas: readonly WriterSchema[]) => Promise<void>) {
    this.#encoder = eventEncoder(codec);
    this.#storeSchemas = storeSchemas;
  }

  /**
   * Encodes an event; a promise only for the first events of a signal or key, while its codec or schemas are not ready.
   *
   * @throws EncodingFailedError, LocalOnlyError, ProducerConfigurationError, InvalidSignalError
   * @throws InfrastructureError when the schemas cannot be stored
   */
  encode(event: OutgoingEvent): OutboxEntry | Promise<OutboxEntry> {
    const bound = this.#encoder.bind(event.signal);
    if (bound instanceof Promise) return bound.then((ready) => this.#withSchemas(ready.encode(event)));
    return this.#withSchemas(bound.encode(event));
  }

  /** Prepares the codec of these routes' signals, and stores their schemas by one statement. */
  async prepare(routes: readonly Pick<Route, 'signal' | 'eventKeyField'>[]): Promise<void> {
    const schemas = new Map<string, WriterSchema>();
    for (const { signal, eventKeyField } of routes) {
      const bound = await this.#encoder.bind(signal);
      for (const schema of bound.schemas(eventKeyField)) schemas.set(schema.fingerprint, schema);
    }
    const missing = [...schemas.values()].filter(({ fingerprint }) => !this.#stored.has(fingerprint));
    if (missing.length === 0) return;
    await this.#storeSchemas(missing);
    for (const { fingerprint } of missing) this.#stored.add(fingerprint);
  }

  #withSchemas(encoded: EncodedEvent): OutboxEntry | Promise<OutboxEntry> {
    const entry = entryOf(encoded);
    const { schema, key } = encoded;
    if (this.#stored.has(schema.fingerprint) && this.#stored.has(key.schema.fingerprint)) return entry;
    return this.#storeFirst([schema, key.schema], encoded).then(() => entry);
  }

  /**
   * A transaction is open while this waits for another connection. A database with one connection, such as PGlite, gives
   * none until the transaction has ended.
   */
  async #storeFirst(schemas: readonly WriterSchema[], { metadata, topic }: EncodedEvent): Promise<void> {
    const done = new AbortController();
    const late = runtime()
      .clock.sleep(STORE_SCHEMAS_MS, done.signal)
      .then(() => {
        throw new InfrastructureError(
          `the schemas of ${metadata.eventType} for topic ${topic} could not be stored within ${STORE_SCHEMAS_MS} ms, while a transaction holds a connection: call outbox.warmUp with a route of this event before, or give the pool more connections`,
        );
      });
    try {
      await Promise.race([Promise.all(schemas.map((schema) => this.#store(schema))), late]);
    } finally {
      late.catch(() => {});
      done.abort();
    }
  }

  #store(schema: WriterSchema): Promise<void> | undefined {
    const { fingerprint } = schema;
    if (this.#stored.has(fingerprint)) return undefined;
    const running = this.#storing.get(fingerprint);
    if (running !== undefined) return running;
    const storing = this.#storeSchemas([schema]).then(() => void this.#stored.add(fingerprint));
    this.#storing.set(fingerprint, storing);
    const ended = () => this.#storing.delete(fingerprint);
    storing.then(ended, ended);
    return storing;
  }
}

function entryOf({ metadata, topic, record, schema, key }: EncodedEvent): OutboxEntry {
  return {
    topic,
    eventType: metadata.eventType,
    eventId: metadata.id,
    metadata: JSON.stringify(metadataToJson(metadata)),
    record,
    recordSchema: schema.fingerprint,
    key: key.text,
    keyBytes: key.bytes,
    keySchema: key.schema.fingerprint,
  };
}

/** How long an event waits for a connection on which its schemas are stored. */
const STORE_SCHEMAS_MS = 5_000;
