import type { SchemaStore } from '@openedx-ts/events-avro';
import { EventsError, InfrastructureError } from '@openedx-ts/events-core';
import { type Message, reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { RedisCommand, RedisReply } from './redis-command.js';
import type { RedisConnection } from './redis-connection.js';
import { RedisReplyError } from './redis-reply-error.js';

/**
 * The schemas of a Redis bus: a hash in the same Redis, fingerprint to text, under `<prefix->openedx-events-schemas`.
 * A producer keeps a schema before the first event that names it, and again when the hash was lost.
 */
export class RedisSchemaStore implements SchemaStore {
  readonly #connection: RedisConnection;
  readonly #hash: string;
  readonly #deadlineMs: number;
  /** What this process has kept, by fingerprint. */
  readonly #texts = new Map<string, string>();
  /** Since when a text is missing, by fingerprint. */
  readonly #missing = new Map<string, number>();
  #isRefused = false;

  constructor(connection: RedisConnection, topicPrefix: string | undefined, deadlineMs: number) {
    this.#connection = connection;
    this.#hash = schemaHashName(topicPrefix);
    this.#deadlineMs = deadlineMs;
  }

  /** Fails where this client may not read the schemas, or something else has taken their place. */
  async probe(): Promise<void> {
    await this.#connection.call(['HGET', this.#hash, ''], this.#deadlineMs);
  }

  /**
   * The producer puts a text back with its next event when it was lost, so one that is missing gets some time. A
   * refusal is not the event's fault either: it waits.
   */
  async textOf(fingerprint: string): Promise<string | undefined> {
    const text = await this.#get(fingerprint);
    if (text !== undefined) {
      this.#missing.delete(fingerprint);
      return text;
    }
    const now = runtime().clock.monotonic();
    const since = this.#missing.get(fingerprint) ?? now;
    if (this.#missing.size < REMEMBERED) this.#missing.set(fingerprint, since);
    if (now - since >= PATIENCE_MS || !this.#missing.has(fingerprint)) return undefined;
    throw new InfrastructureError(`the text of schema ${fingerprint} is not in ${this.#hash} (yet)`);
  }

  async keep({ fingerprint, text }: { readonly fingerprint: string; readonly text: string }): Promise<void> {
    await this.#connection.call(['HSETNX', this.#hash, fingerprint, text], this.#deadlineMs);
    this.#texts.set(fingerprint, text);
  }

  /** The fingerprints in messages whose texts this process has kept. */
  fingerprintsIn(messages: readonly Message[]): readonly string[] {
    const values = new Set<Uint8Array>(); // those of one schema are mostly the same object
    for (const { headers } of messages) {
      const [name, value] = headers.at(-1) ?? [];
      if (name === 'schema_fp' && value !== undefined) values.add(value);
    }
    const found = new Set(Array.from(values, (value) => Buffer.from(value).toString('latin1')));
    return [...found].filter((fingerprint) => this.#texts.has(fingerprint));
  }

  /** Asks whether a text is still there; to be sent along with events, and its reply given to `answered`. */
  isKept(fingerprint: string): RedisCommand {
    return ['HEXISTS', this.#hash, fingerprint];
  }

  /** Puts a text back that is gone (FLUSHALL, a deleted key): without it, readers of other versions are at a loss. */
  async answered(fingerprint: string, reply: RedisReply | RedisReplyError | undefined): Promise<void> {
    if (reply === 0) return this.#restore(fingerprint);
    if (!(reply instanceof RedisReplyError) || this.#isRefused) return;
    this.#isRefused = true;
    runtime().logger.warn({ err: reply }, 'nobody will notice when the texts of schemas are lost');
  }

  async #restore(fingerprint: string): Promise<void> {
    const { logger } = runtime();
    const facts = { fingerprint, hash: this.#hash };
    try {
      await this.keep({ fingerprint, text: this.#texts.get(fingerprint) as string });
      logger.warn(facts, 'the text of a schema was gone and was put back');
    } catch (error) {
      logger.warn(
        { ...facts, err: error },
        'the text of a schema is gone; the next event tries to put it back',
      );
    }
  }

  async #get(fingerprint: string): Promise<string | undefined> {
    try {
      const text = await this.#connection.call(['HGET', this.#hash, fingerprint], this.#deadlineMs);
      return text === null ? undefined : String(text);
    } catch (error) {
      if (EventsError.is(error)) throw error;
      throw new InfrastructureError(reasonOf(error), { cause: error });
    }
  }
}

/** How long a missing text may take to come back. */
const PATIENCE_MS = 5_000;

/** More missing texts than that are no accident. */
const REMEMBERED = 1_000;

/** The name of the hash of schemas. */
function schemaHashName(topicPrefix: string | undefined): string {
  return topicPrefix ? `${topicPrefix}-openedx-events-schemas` : 'openedx-events-schemas';
}
