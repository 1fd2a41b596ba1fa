import { avroCodec, bareWireFormat } from '@openedx-ts/events-avro';
import { EventsError, ProduceFailedError } from '@openedx-ts/events-core';
import {
  EventBusProducer,
  type Message,
  type PublishOutcome,
  reasonOf,
  type WireFormat,
} from '@openedx-ts/events-core/bus';
import { AcknowledgedTrimming } from './acknowledged-trimming.js';
import {
  asInfrastructure,
  OutcomeUnknownError,
  type RedisCommand,
  RedisConnection,
  RedisReplyError,
} from './redis-connection.js';
import {
  type RedisProducerOptions,
  type ResolvedRedisProducerOptions,
  resolveProducerOptions,
} from './redis-options.js';
import { RedisSchemaStore } from './redis-schema-store.js';
import { toEntryFields } from './stream-entry.js';
import { writtenSince } from './written-since.js';

/**
 * Publishes to Redis Streams, an `XADD` for each event, many at once. When the connection is lost in the middle, it
 * looks up which events were written before it sends the others again.
 */
export class RedisEventBusProducer extends EventBusProducer {
  readonly #connection: RedisConnection;
  readonly #schemas: RedisSchemaStore;
  /** Undefined when each `XADD` trims by length. */
  readonly #trimming: AcknowledgedTrimming | undefined;
  readonly #options: ResolvedRedisProducerOptions;
  /** The newest entry of this producer, by stream. */
  readonly #newest = new Map<string, string>();
  /** Ids of events that may have been written, by stream. */
  readonly #inDoubt = new Map<string, ReadonlySet<string>>();

  /** @throws InvalidOptionsError */
  constructor(given: RedisProducerOptions) {
    const options = resolveProducerOptions(given);
    const connection = new RedisConnection({ ...options, clientName: 'openedx-events-producer' });
    const schemas = new RedisSchemaStore(connection, options.topicPrefix, options.commandTimeoutMs);
    super({ codec: options.codec ?? avroCodec(), wireFormat: producerFormat(schemas), options });
    this.#connection = connection;
    this.#schemas = schemas;
    this.#options = options;
    const { commandTimeoutMs: deadlineMs, streamMaxLength: maxLength, trimEveryMs: everyMs } = options;
    if (options.trim === 'acknowledged')
      this.#trimming = new AcknowledgedTrimming({ connection, deadlineMs, maxLength, everyMs });
  }

  protected async publish(messages: readonly Message[]): Promise<readonly PublishOutcome[]> {
    const { topic } = messages[0] as Message;
    try {
      const outcomes = await this.#publish(topic, messages);
      this.#trimming?.written(topic);
      return outcomes;
    } catch (error) {
      throw asProduceFailure(topic, error);
    }
  }

  protected async release(): Promise<void> {
    await this.#connection.close();
  }

  async #publish(topic: string, messages: readonly Message[]): Promise<readonly PublishOutcome[]> {
    const written = await this.#lookUpDoubt(topic);
    if (written.size === 0) return this.#add(topic, messages);
    const missing = messages.filter((message) => !written.has(eventIdOf(message)));
    const added = await this.#add(topic, missing);
    let next = 0;
    return messages.map((message) => {
      const position = written.get(eventIdOf(message));
      return position === undefined ? (added[next++] as PublishOutcome) : { position };
    });
  }

  async #lookUpDoubt(stream: string): Promise<ReadonlyMap<string, string>> {
    const eventIds = this.#inDoubt.get(stream);
    if (eventIds === undefined) return new Map();
    const { commandTimeoutMs } = this.#options;
    const written = await writtenSince(
      this.#connection,
      stream,
      this.#newest.get(stream),
      eventIds,
      commandTimeoutMs,
    );
    this.#inDoubt.delete(stream);
    return written;
  }

  async #add(stream: string, messages: readonly Message[]): Promise<readonly PublishOutcome[]> {
    if (messages.length === 0) return [];
    const commands = messages.map((message) => this.#addCommand(message));
    const fingerprints = this.#schemas.fingerprintsIn(messages);
    const checks = fingerprints.map((fingerprint) => this.#schemas.isKept(fingerprint));
    try {
      const replies = await this.#connection.send([...commands, ...checks], this.#options.commandTimeoutMs);
      for (const [index, fingerprint] of fingerprints.entries())
        await this.#schemas.answered(fingerprint, replies[commands.length + index]);
      return replies.slice(0, commands.length).map((reply) => this.#outcome(stream, reply));
    } catch (error) {
      if (!(error instanceof OutcomeUnknownError)) throw error;
      this.#inDoubt.set(stream, new Set(messages.map(eventIdOf).filter((id) => id !== '')));
      return messages.map((message) => ({
        error: eventIdOf(message) === '' ? lostInDoubt(stream, error) : error,
      }));
    }
  }

  #addCommand(message: Message): RedisCommand {
    const { streamMaxLength } = this.#options;
    const isTrimming = streamMaxLength !== Infinity && this.#trimming === undefined;
    const trimming = isTrimming ? ['MAXLEN', '~', String(streamMaxLength)] : [];
    return ['XADD', message.topic, ...trimming, '*', ...toEntryFields(message)];
  }

  #outcome(stream: string, reply: unknown): PublishOutcome {
    if (!(reply instanceof RedisReplyError)) {
      const position = String(reply);
      this.#newest.set(stream, position);
      return { position };
    }
    return { error: asProduceFailure(stream, asInfrastructure(reply)) };
  }
}

/** A schema is kept before the first event of it, which may be refused as the event itself may be. */
function producerFormat(schemas: RedisSchemaStore): WireFormat {
  const format = bareWireFormat({ schemas });
  return {
    ...format,
    frame(event, fullTopic) {
      const message = format.frame(event, fullTopic);
      if (!(message instanceof Promise)) return message;
      return message.catch((error: unknown) => {
        throw asProduceFailure(fullTopic, error);
      });
    },
  };
}

/** What waiting may cure stays as it is; a refusal says for which topic it was. */
function asProduceFailure(topic: string, cause: unknown): unknown {
  if (EventsError.is(cause)) return cause;
  return new ProduceFailedError(topic, reasonOf(cause), { retryable: false, cause });
}

/** The id by which an event can be found in a stream; `''` for a message without one. */
function eventIdOf({ headers }: Message): string {
  const header = headers.find(([name]) => name === 'id');
  return header === undefined ? '' : Buffer.from(header[1]).toString('utf8');
}

/** Without an id nobody can tell whether it was written: sending it again might double it. */
function lostInDoubt(stream: string, cause: Error): ProduceFailedError {
  return new ProduceFailedError(stream, 'the connection was lost, and the message has no id to look for', {
    retryable: false,
    cause,
  });
}
