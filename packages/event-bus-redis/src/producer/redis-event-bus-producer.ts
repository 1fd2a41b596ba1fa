import { avroCodec, bareWireFormat } from '@openedx-ts/events-avro';
import { EventsError, ProduceFailedError } from '@openedx-ts/events-core';
import {
  EventBusProducer,
  type Message,
  OutcomeUnknownError,
  type PublishOutcome,
  reasonOf,
  runtime,
  type WireFormat,
} from '@openedx-ts/events-core/bus';
import { openRedis } from '../driver/open-redis.js';
import type { RedisCommand } from '../driver/redis-command.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { RedisReplyError, thrownError } from '../driver/redis-reply-error.js';
import {
  type RedisProducerOptions,
  type ResolvedRedisProducerOptions,
  resolveProducerOptions,
} from '../options/redis-options.js';
import { RedisSchemaStore } from '../schemas/redis-schema-store.js';
import { toEntryFields } from '../stream/stream-entry.js';
import { AcknowledgedTrimming } from './acknowledged-trimming.js';
import { publishWithinLimit } from './publish-within-limit.js';
import { foundOnPrimary, replicatedOutcomes, waitCommands, waitMs } from './replicated.js';
import { WriteDoubts } from './write-doubts.js';

/**
 * Publishes to Redis Streams: one `XADD` per event, many in one write, and in one transaction where events share a key. When
 * the connection is lost before Redis has replied, it looks up which events were written, and sends only the others again.
 */
export class RedisEventBusProducer extends EventBusProducer {
  readonly #connection: RedisConnection;
  readonly #schemas: RedisSchemaStore;
  /** Undefined when each `XADD` trims by length. */
  readonly #trimming: AcknowledgedTrimming | undefined;
  readonly #options: ResolvedRedisProducerOptions;
  /** Whether Redis executes `MULTI` and `EXEC` for this user. */
  #mayGroup = true;
  readonly #doubts: WriteDoubts;

  /** @throws InvalidOptionsError */
  constructor(given: RedisProducerOptions) {
    const options = resolveProducerOptions(given);
    const connection = openRedis({ ...options, clientName: 'openedx-events-producer' });
    const schemas = new RedisSchemaStore(connection, options.topicPrefix);
    super({ codec: options.codec ?? avroCodec(), wireFormat: producerFormat(schemas), options });
    this.#connection = connection;
    this.#schemas = schemas;
    this.#options = options;
    this.#doubts = new WriteDoubts(options.maxBufferedEvents);
    const { streamMaxLength: maxLength, trimEveryMs: everyMs } = options;
    if (options.trim === 'acknowledged')
      this.#trimming = new AcknowledgedTrimming({ connection, maxLength, everyMs });
  }

  protected async publish(messages: readonly Message[]): Promise<readonly PublishOutcome[]> {
    const { topic: fullTopic } = messages[0] as Message;
    try {
      const outcomes = await publishWithinLimit(messages, this.#options.maxMessageBytes, (others) =>
        this.#publish(fullTopic, others),
      );
      this.#trimming?.written(fullTopic);
      return outcomes;
    } catch (error) {
      throw produceFailure(fullTopic, error);
    }
  }

  protected async release(): Promise<void> {
    await this.#connection.close();
  }

  async #publish(fullTopic: string, messages: readonly Message[]): Promise<readonly PublishOutcome[]> {
    const written = await this.#doubts.lookUp(this.#connection, fullTopic);
    if (written.size === 0) return this.#add(fullTopic, messages);
    const missing = messages.filter((message) => !written.has(eventIdOf(message)));
    const added = await this.#add(fullTopic, missing);
    // Replicas that have a later entry have these, too.
    const isReplicated =
      this.#options.acceptedBy === 'primary' || added.some((outcome) => 'position' in outcome);
    let next = 0;
    return messages.map((message) => {
      const position = written.get(eventIdOf(message));
      if (position === undefined) return added[next++] as PublishOutcome;
      return isReplicated ? { position } : foundOnPrimary(fullTopic);
    });
  }

  async #add(stream: string, messages: readonly Message[]): Promise<readonly PublishOutcome[]> {
    if (messages.length === 0) return [];
    const commands = messages.map((message) => this.#addCommand(message));
    const fingerprints = this.#schemas.fingerprintsIn(messages);
    const checks = fingerprints.map((fingerprint) => this.#schemas.checkCommand(fingerprint));
    const { acceptedBy } = this.#options;
    const waits = waitCommands(acceptedBy);
    const others = [...waits, ...checks];
    try {
      const replies = await (hasRepeatedKey(messages)
        ? this.#sendTogether(commands, others)
        : this.#connection.sendWith(commands, others, this.#timeoutMs));
      for (const [index, fingerprint] of fingerprints.entries())
        await this.#schemas.checkReply(fingerprint, replies[commands.length + waits.length + index]);
      const outcomes = replies.slice(0, commands.length).map((reply) => outcomeOf(stream, reply));
      const newest = outcomes.findLast((outcome) => 'position' in outcome);
      if (newest !== undefined) this.#doubts.written(stream, newest.position);
      return replicatedOutcomes(stream, acceptedBy, outcomes, replies[commands.length]);
    } catch (error) {
      if (!(error instanceof OutcomeUnknownError)) throw error;
      this.#doubts.add(
        stream,
        messages.map(eventIdOf).filter((id) => id !== ''),
      );
      return messages.map((message) => ({
        error: eventIdOf(message) === '' ? lostInDoubt(stream, error) : error,
      }));
    }
  }

  get #timeoutMs(): number {
    return this.#options.commandTimeoutMs + waitMs(this.#options.acceptedBy);
  }

  /** Redis may refuse one entry and accept the next, which would turn the order of their key round. */
  async #sendTogether(commands: readonly RedisCommand[], others: readonly RedisCommand[]) {
    if (!this.#mayGroup) return this.#connection.sendWith(commands, others, this.#timeoutMs);
    const { replies, notTogether } = await this.#connection.sendTogether(commands, others, this.#timeoutMs);
    if (notTogether !== undefined) {
      this.#mayGroup = false;
      runtime().logger.warn({ reason: notTogether.message }, notGrouped);
    }
    return replies;
  }

  #addCommand(message: Message): RedisCommand {
    const { streamMaxLength } = this.#options;
    const isTrimming = streamMaxLength !== Infinity && this.#trimming === undefined;
    const trimming = isTrimming ? ['MAXLEN', '~', String(streamMaxLength)] : [];
    return ['XADD', message.topic, ...trimming, '*', ...toEntryFields(message)];
  }
}

function outcomeOf(stream: string, reply: unknown): PublishOutcome {
  if (!(reply instanceof RedisReplyError)) return { position: String(reply) };
  return { error: produceFailure(stream, thrownError(reply)) };
}

function hasRepeatedKey(messages: readonly Message[]): boolean {
  const keys = new Set<string>();
  for (const { key } of messages) {
    if (key === null || key.byteLength === 0) continue;
    const text = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
    if (keys.has(text)) return true;
    keys.add(text);
  }
  return false;
}

const notGrouped =
  'this producer may not use MULTI and EXEC: when Redis refuses an event and accepts a later one of its key, their order is lost; grant it MULTI and EXEC';

/** The schema is written before its first event, and Redis may refuse that as it may refuse the event. */
function producerFormat(schemas: RedisSchemaStore): WireFormat {
  const format = bareWireFormat({ schemas });
  return {
    ...format,
    frame(event, fullTopic) {
      const message = format.frame(event, fullTopic);
      if (!(message instanceof Promise)) return message;
      return message.catch((error: unknown) => {
        throw produceFailure(fullTopic, error);
      });
    },
  };
}

/** Leaves errors of events-core as they are, such as one that trying again may cure; adds the topic to any other. */
function produceFailure(fullTopic: string, cause: unknown): unknown {
  if (EventsError.is(cause)) return cause;
  return new ProduceFailedError(fullTopic, reasonOf(cause), { retryable: false, cause });
}

/** The event id by which a message can be found in a stream; `''` for a message without an id. */
function eventIdOf({ headers }: Message): string {
  const header = headers.find(([name]) => name === 'id');
  return header === undefined ? '' : Buffer.from(header[1] ?? []).toString('utf8');
}

/** Without an id the message cannot be looked up, and sending it again could duplicate it. */
function lostInDoubt(stream: string, cause: Error): ProduceFailedError {
  return new ProduceFailedError(
    stream,
    'the connection was lost, and the message has no id by which it could be looked up',
    {
      retryable: false,
      outcome: 'unknown',
      cause,
    },
  );
}
