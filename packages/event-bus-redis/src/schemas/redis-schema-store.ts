import { fingerprintOf, SchemaPatience, type SchemaStore } from '@openedx-ts/events-avro';
import { EventsError, InfrastructureError } from '@openedx-ts/events-core';
import {
  BoundedCache,
  type Message,
  reasonOf,
  runtime,
  UnusableMessageError,
} from '@openedx-ts/events-core/bus';
import type { RedisCommand, RedisReply } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { keyRefusal, RedisReplyError } from '../driver/redis-reply-error.js';

/**
 * Stores the schemas of events in the same Redis: the hash `<prefix->openedx-events-schemas`, from fingerprint to schema
 * text. A producer writes a schema before the first event that names it, and again when the hash was deleted or the text
 * is wrong.
 */
export class RedisSchemaStore implements SchemaStore {
  readonly #connection: RedisConnection;
  readonly #hash: string;
  /**
   * Schemas that this process has written, by fingerprint. Of those that are dropped, because a process publishes events of
   * very many, it is not noticed when they are deleted from Redis.
   */
  readonly #texts = new BoundedCache<string, string>(textLimits);
  readonly #patience = new SchemaPatience();
  #isRefused = false;

  constructor(connection: RedisConnection, topicPrefix: string | undefined) {
    this.#connection = connection;
    this.#hash = schemaHashName(topicPrefix);
  }

  /** Rejects when this client may not read the schemas. A key that is no hash is logged: only events that need it wait. */
  async probe(): Promise<void> {
    const commands = [
      ['HGET', this.#hash, ''],
      ['HSTRLEN', this.#hash, ''],
    ];
    try {
      await this.#connection.callAll(commands);
    } catch (error) {
      if (keyRefusal(error)?.code !== 'WRONGTYPE') throw error;
      runtime().logger.warn(
        { reason: reasonOf(error), hash: this.#hash },
        'the schemas of events cannot be read: events that name one wait until the key is repaired',
      );
    }
  }

  /**
   * Returns the text of a schema. One that is missing or wrong is waited for during five seconds, because a producer
   * writes it again with its next event; then undefined, or the wrong text. All schemas share this wait, see
   * `SchemaPatience`.
   *
   * @throws InfrastructureError when the consumer has to try again later: it still waits for the schema, or Redis refuses
   *   or is unreachable
   * @throws UnusableMessageError when the text has more than 1,000,000 bytes
   */
  async textOf(fingerprint: string): Promise<string | undefined> {
    const length = await this.#ask(['HSTRLEN', this.#hash, fingerprint]);
    const isTooLong = Number(length) > MAX_SCHEMA_BYTES;
    const text = isTooLong ? undefined : await this.#read(fingerprint);
    if (text !== undefined && fingerprintOf(text) === fingerprint) {
      this.#patience.found(fingerprint);
      return text;
    }
    if (this.#patience.mustWait(fingerprint)) {
      const problem = text === undefined && !isTooLong ? 'is not in' : 'has a wrong text in';
      throw new InfrastructureError(
        `schema ${fingerprint} ${problem} the hash ${this.#hash}: a producer writes it again with its next event`,
      );
    }
    if (isTooLong) {
      throw new UnusableMessageError(
        `schema ${fingerprint} in the hash ${this.#hash} has ${length} bytes: at most ${MAX_SCHEMA_BYTES} are read`,
      );
    }
    return text;
  }

  /** Writes a schema, also in place of a wrong text. */
  async keep({ fingerprint, text }: { readonly fingerprint: string; readonly text: string }): Promise<void> {
    const written = await this.#connection.call(['HSETNX', this.#hash, fingerprint, text]);
    this.#texts.set(fingerprint, text);
    if (written === 0 && (await this.#isWrong(fingerprint, text))) await this.#replace(fingerprint, text);
  }

  /** The fingerprints of messages whose schemas this process has written. */
  fingerprintsIn(messages: readonly Message[]): readonly string[] {
    const values = new Set<Uint8Array>(); // messages of one schema mostly share the object
    for (const { headers } of messages) {
      const [name, value] = headers.at(-1) ?? [];
      if (name === 'schema_fp' && value) values.add(value);
    }
    const found = new Set(Array.from(values, (value) => Buffer.from(value).toString('latin1')));
    return [...found].filter((fingerprint) => this.#texts.get(fingerprint) !== undefined);
  }

  /** The command that checks whether a schema is still stored; sent with events. Its reply goes to `checkReply`. */
  checkCommand(fingerprint: string): RedisCommand {
    return ['HSTRLEN', this.#hash, fingerprint];
  }

  /** Writes a schema again that is gone (FLUSHALL, a deleted key) or wrong: consumers with another version need it. */
  async checkReply(fingerprint: string, reply: RedisReply | RedisReplyError | undefined): Promise<void> {
    const text = this.#texts.get(fingerprint); // undefined where it was dropped since the check was sent
    if (text !== undefined && reply === 0) return this.#restore(fingerprint, text);
    if (text !== undefined && typeof reply === 'number' && reply !== Buffer.byteLength(text))
      return this.#replace(fingerprint, text);
    if (!(reply instanceof RedisReplyError) || this.#isRefused) return;
    this.#isRefused = true;
    runtime().logger.warn(
      { reason: reply.message, hash: this.#hash },
      'this producer will not notice when schemas are deleted from Redis: grant it HSTRLEN',
    );
  }

  async #restore(fingerprint: string, text: string): Promise<void> {
    const { logger } = runtime();
    const facts = { fingerprint, hash: this.#hash };
    try {
      await this.keep({ fingerprint, text });
      logger.warn(facts, 'a schema was missing in Redis and was written again');
    } catch (error) {
      logger.warn(
        { ...facts, reason: reasonOf(error) },
        'a schema is missing in Redis and could not be written again: the next event tries it once more',
      );
    }
  }

  /** Whether another text is stored. A producer that may not look assumes that there is none. */
  async #isWrong(fingerprint: string, text: string): Promise<boolean> {
    try {
      const length = await this.#connection.call(['HSTRLEN', this.#hash, fingerprint]);
      if (length !== Buffer.byteLength(text)) return true;
      return (await this.#connection.call(['HGET', this.#hash, fingerprint]))?.toString() !== text;
    } catch (error) {
      if (EventsError.is(error)) throw error;
      return false;
    }
  }

  async #replace(fingerprint: string, text: string): Promise<void> {
    const { logger } = runtime();
    const facts = { fingerprint, hash: this.#hash };
    try {
      await this.#connection.call(['HSET', this.#hash, fingerprint, text]);
      logger.warn(facts, 'a schema had a wrong text in Redis and was written again');
    } catch (error) {
      logger.warn(
        { ...facts, reason: reasonOf(error) },
        'a schema has a wrong text in Redis, which could not be replaced: grant this producer HSET',
      );
    }
  }

  async #read(fingerprint: string): Promise<string | undefined> {
    const text = await this.#ask(['HGET', this.#hash, fingerprint]);
    return text === null ? undefined : String(text);
  }

  async #ask(command: RedisCommand): Promise<RedisReply> {
    try {
      return await this.#connection.call(command);
    } catch (error) {
      if (EventsError.is(error)) throw error;
      throw new InfrastructureError(reasonOf(error), { cause: error });
    }
  }
}

/** Maximum length of a schema text that is read: texts come from other services. */
const MAX_SCHEMA_BYTES = 1_000_000;

/** More than the thousand that the wire format takes for stored: it gives a schema again that it has dropped. */
const textLimits = {
  maxEntries: 2_000,
  maxCost: 20_000_000,
  costOf: ({ length }: string) => length,
};

/** The name of the hash of schemas. */
function schemaHashName(topicPrefix: string | undefined): string {
  return topicPrefix ? `${topicPrefix}-openedx-events-schemas` : 'openedx-events-schemas';
}
