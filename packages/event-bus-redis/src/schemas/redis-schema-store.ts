import type { SchemaStore } from '@openedx-ts/events-avro';
import { EventsError, InfrastructureError } from '@openedx-ts/events-core';
import { type Message, reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { RedisCommand, RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { RedisReplyError } from '../driver/redis-reply-error.js';

/**
 * Stores the schemas of events in the same Redis: the hash `<prefix->openedx-events-schemas`, from fingerprint to schema
 * text. A producer writes a schema before the first event that names it, and again when the hash was deleted.
 */
export class RedisSchemaStore implements SchemaStore {
  readonly #connection: RedisConnection;
  readonly #hash: string;
  /** Schemas that this process has written, by fingerprint. */
  readonly #texts = new Map<string, string>();
  /** When a schema was first missing, by fingerprint, on the monotonic clock. */
  readonly #missing = new Map<string, number>();
  #isRefused = false;

  constructor(connection: RedisConnection, topicPrefix: string | undefined) {
    this.#connection = connection;
    this.#hash = schemaHashName(topicPrefix);
  }

  /** Rejects when this client may not read the schemas, or the key is no hash. */
  async probe(): Promise<void> {
    await this.#connection.call(['HGET', this.#hash, '']);
  }

  /**
   * Returns the text of a schema. A missing one is waited for during five seconds, because a producer writes it again
   * with its next event; then undefined.
   *
   * @throws InfrastructureError when the consumer has to try again later: the schema is missing for less than that, or
   *   Redis refuses or is unreachable
   */
  async textOf(fingerprint: string): Promise<string | undefined> {
    const text = await this.#get(fingerprint);
    if (text !== undefined) {
      this.#missing.delete(fingerprint);
      return text;
    }
    const now = runtime().clock.monotonic();
    const since = this.#missing.get(fingerprint) ?? now;
    if (this.#missing.size < MAX_MISSING) this.#missing.set(fingerprint, since);
    if (now - since >= MISSING_MS || !this.#missing.has(fingerprint)) return undefined;
    throw new InfrastructureError(
      `schema ${fingerprint} is not in the hash ${this.#hash} yet: a producer writes it again with its next event`,
    );
  }

  /** Writes a schema. */
  async keep({ fingerprint, text }: { readonly fingerprint: string; readonly text: string }): Promise<void> {
    await this.#connection.call(['HSETNX', this.#hash, fingerprint, text]);
    this.#texts.set(fingerprint, text);
  }

  /** The fingerprints of messages whose schemas this process has written. */
  fingerprintsIn(messages: readonly Message[]): readonly string[] {
    const values = new Set<Uint8Array>(); // messages of one schema mostly share the object
    for (const { headers } of messages) {
      const [name, value] = headers.at(-1) ?? [];
      if (name === 'schema_fp' && value !== undefined) values.add(value);
    }
    const found = new Set(Array.from(values, (value) => Buffer.from(value).toString('latin1')));
    return [...found].filter((fingerprint) => this.#texts.has(fingerprint));
  }

  /** The command that checks whether a schema is still stored; sent with events. Its reply goes to `checkReply`. */
  checkCommand(fingerprint: string): RedisCommand {
    return ['HEXISTS', this.#hash, fingerprint];
  }

  /** Writes a schema again that is gone (FLUSHALL, a deleted key): consumers with another version need it. */
  async checkReply(fingerprint: string, reply: RedisReply | RedisReplyError | undefined): Promise<void> {
    if (reply === 0) return this.#restore(fingerprint);
    if (!(reply instanceof RedisReplyError) || this.#isRefused) return;
    this.#isRefused = true;
    runtime().logger.warn(
      { reason: reply.message, hash: this.#hash },
      'this producer will not notice when schemas are deleted from Redis: grant it HEXISTS',
    );
  }

  async #restore(fingerprint: string): Promise<void> {
    const { logger } = runtime();
    const facts = { fingerprint, hash: this.#hash };
    try {
      await this.keep({ fingerprint, text: this.#texts.get(fingerprint) as string });
      logger.warn(facts, 'a schema was missing in Redis and was written again');
    } catch (error) {
      logger.warn(
        { ...facts, reason: reasonOf(error) },
        'a schema is missing in Redis and could not be written again: the next event tries it once more',
      );
    }
  }

  async #get(fingerprint: string): Promise<string | undefined> {
    try {
      const text = await this.#connection.call(['HGET', this.#hash, fingerprint]);
      return text === null ? undefined : String(text);
    } catch (error) {
      if (EventsError.is(error)) throw error;
      throw new InfrastructureError(reasonOf(error), { cause: error });
    }
  }
}

/** How long a missing schema is waited for, in milliseconds. */
const MISSING_MS = 5_000;

/** Maximum number of missing schemas that are waited for: entries with made-up fingerprints must not use up memory. */
const MAX_MISSING = 1_000;

/** The name of the hash of schemas. */
function schemaHashName(topicPrefix: string | undefined): string {
  return topicPrefix ? `${topicPrefix}-openedx-events-schemas` : 'openedx-events-schemas';
}
