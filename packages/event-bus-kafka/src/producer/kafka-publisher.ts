import { setMaxListeners } from 'node:events';
import { EventsError, ProduceFailedError } from '@openedx-ts/events-core';
import {
  FailedKeys,
  type Message,
  OutcomeUnknownError,
  type PublishOutcome,
  runtime,
} from '@openedx-ts/events-core/bus';
import { kafkaError, kafkaErrorType } from '../driver/kafka-error.js';
import { sizeOfMessage } from '../driver/kafka-message.js';
import { ProducerSession, type ProducerSessionOptions } from '../driver/producer-session.js';
import { CurrentSession } from './current-session.js';
import { orAborted } from './or-aborted.js';
import { isFinal, mayPass } from './outcome-kind.js';
import { type Partitioner, partitionerOf } from './partitioner.js';
import { publishError } from './publish-error.js';
import { SharedRequests } from './shared-requests.js';

export interface KafkaPublisherOptions extends ProducerSessionOptions {
  readonly partitioner: 'crc32' | 'murmur2';
  /** Of a message, and of a request. */
  readonly maxMessageBytes: number;
  /** How long a message is worth trying; of the producer. */
  readonly deliveryTimeoutMs?: number;
}

/**
 * Publishes messages as they are, for producers and dead letters. A message is accepted when all replicas in sync have
 * it. It connects on first use, and again after a connection was lost.
 */
export class KafkaPublisher {
  readonly #options: KafkaPublisherOptions;
  readonly #partitioner: Partitioner;
  readonly #shared: SharedRequests;
  readonly #session: CurrentSession;

  constructor(options: KafkaPublisherOptions) {
    this.#options = options;
    this.#partitioner = partitionerOf(options.partitioner);
    this.#shared = new SharedRequests(this.#partitioner);
    this.#session = new CurrentSession(
      () =>
        new ProducerSession(options, (topic, key, count) => {
          this.#shared.noteCount(topic, count);
          return this.#partitioner(key, count);
        }),
    );
  }

  /**
   * Connects ahead of the first message.
   *
   * @throws KafkaAccessError, InfrastructureError
   */
  async connect(): Promise<void> {
    const connecting = this.#session.get();
    try {
      await connecting;
    } catch (thrown) {
      this.#session.replace(connecting);
      throw EventsError.is(thrown) ? thrown : kafkaError(thrown, 'Kafka cannot be connected to');
    }
  }

  /**
   * Publishes messages of one topic, in order, and returns for each whether it was accepted, and where it lies:
   * `<partition>:<offset>`. After a failure that may pass, nothing more of the list is sent, and after one that is final
   * nothing more of its key, so that the order of each key holds.
   */
  async publish(messages: readonly Message[], abortSignal?: AbortSignal): Promise<readonly PublishOutcome[]> {
    const outcomes: PublishOutcome[] = [];
    const call: PublishCall = { abortSignal, failed: new FailedKeys() };
    let chunk: Message[] = [];
    let chunkBytes = 0;
    let failure: PublishOutcome | undefined;
    const sendChunk = async () => {
      const sent: readonly PublishOutcome[] =
        failure === undefined ? await this.#send(chunk, call) : chunk.map(() => failure as PublishOutcome);
      failure ??= sent.find(mayPass);
      outcomes.push(...sent);
      chunk = [];
      chunkBytes = 0;
    };
    const { maxMessageBytes } = this.#options;
    for (const message of messages) {
      const size = sizeOfMessage(message);
      if (chunk.length > 0 && chunkBytes + size > maxMessageBytes) await sendChunk();
      if (size > maxMessageBytes) {
        const error = oversize(message.topic, size, maxMessageBytes);
        outcomes.push(call.failed.has(message) ? { notAttempted: true } : { error });
        call.failed.add(message);
        continue;
      }
      chunk.push(message);
      chunkBytes += size;
    }
    if (chunk.length > 0) await sendChunk();
    return outcomes;
  }

  /** Ends the connections; what is in flight fails. Safe to call twice. */
  close(): Promise<void> {
    return this.#session.close();
  }

  async #send(messages: readonly Message[], call: PublishCall): Promise<readonly PublishOutcome[]> {
    const isSkipped = messages.map((message) => call.failed.has(message));
    if (!isSkipped.includes(true)) return this.#sendAll(messages, call);
    const attempted = messages.filter((_, place) => !isSkipped[place]);
    const sent = attempted.length === 0 ? [] : await this.#sendAll(attempted, call);
    let next = 0;
    return isSkipped.map((skipped) => (skipped ? { notAttempted: true } : (sent[next++] as PublishOutcome)));
  }

  async #sendAll(messages: readonly Message[], call: PublishCall): Promise<readonly PublishOutcome[]> {
    const { abortSignal } = call;
    const { topic } = messages[0] as Message;
    const groups = this.#shared.split(topic, messages);
    if (groups.length > 1 && abortSignal !== undefined) setMaxListeners(0, abortSignal); // each request listens
    const outcomes: PublishOutcome[] = [];
    await Promise.all(
      groups.map(async ({ places, isNew }) => {
        const group = places.map((place) => messages[place] as Message);
        const sent = await this.#sendTogether(group, isNew, call);
        for (const [index, place] of places.entries()) outcomes[place] = sent[index] as PublishOutcome;
      }),
    );
    const rest = messages.slice(outcomes.length);
    const failure = outcomes.find(mayPass);
    if (rest.length === 0) return outcomes;
    return [...outcomes, ...(failure === undefined ? await this.#send(rest, call) : rest.map(() => failure))];
  }

  async #sendTogether(
    messages: readonly Message[],
    isNew: boolean,
    call: PublishCall,
  ): Promise<readonly PublishOutcome[]> {
    const { abortSignal } = call;
    const { topic } = messages[0] as Message;
    const connecting = this.#session.get();
    let wasSent = false;
    try {
      const session = await orAborted(connecting, abortSignal);
      wasSent = true;
      return isNew && this.#options.allowAutoTopicCreation
        ? await this.#sendOnceMade(session, messages, abortSignal)
        : await this.#sendNow(session, messages, abortSignal);
    } catch (thrown) {
      if (kafkaErrorType(thrown) === undefined) this.#session.replace(connecting);
      this.#shared.noteError(topic);
      const { deliveryTimeoutMs } = this.#options;
      const isShared = this.#shared.areSpread(topic, messages);
      const error = publishError(thrown, { fullTopic: topic, deliveryTimeoutMs, wasSent, isShared });
      if (isFinal(error) && messages.length > 1) return this.#sendHalves(messages, call);
      for (const message of messages) call.failed.add(message);
      return messages.map(() => ({ error }));
    }
  }

  /** A topic that brokers create because it is used exists a moment later: until then its errors are not reported. */
  async #sendOnceMade(
    session: ProducerSession,
    messages: readonly Message[],
    abortSignal: AbortSignal | undefined,
  ): Promise<readonly PublishOutcome[]> {
    const { clock } = runtime();
    const { deliveryTimeoutMs = Number.POSITIVE_INFINITY } = this.#options;
    const deadline = clock.monotonic() + Math.min(MAKING_MS, deliveryTimeoutMs / 10);
    for (;;) {
      try {
        return await this.#sendNow(session, messages, abortSignal);
      } catch (error) {
        const isBeingMade = beingMade.has(kafkaErrorType(error) ?? '');
        if (!isBeingMade || session.isRetired || clock.monotonic() >= deadline) throw error;
      }
      await orAborted(clock.sleep(MAKING_STEP_MS, abortSignal), abortSignal);
    }
  }

  async #sendNow(
    session: ProducerSession,
    messages: readonly Message[],
    abortSignal: AbortSignal | undefined,
  ): Promise<readonly PublishOutcome[]> {
    const { topic } = messages[0] as Message;
    const places = await orAborted(session.produce(topic, messages), abortSignal);
    const known = places.filter((place) => place !== undefined);
    this.#shared.noteTaken(
      topic,
      known.map(({ partition }) => partition),
    );
    return places.map((place) =>
      place === undefined
        ? {
            error: new OutcomeUnknownError(
              `Kafka did not report where an event of topic ${topic} was stored`,
            ),
          }
        : { position: `${place.partition}:${place.offset}` },
    );
  }

  /** The broker refused the request as a whole: finds out which message is to blame. */
  async #sendHalves(messages: readonly Message[], call: PublishCall): Promise<readonly PublishOutcome[]> {
    const middle = Math.ceil(messages.length / 2);
    const first = await this.#send(messages.slice(0, middle), call);
    const rest = messages.slice(middle);
    const failure = first.find(mayPass);
    return [...first, ...(failure === undefined ? await this.#send(rest, call) : rest.map(() => failure))];
  }
}

/** What the requests of one `publish` share. */
interface PublishCall {
  readonly abortSignal: AbortSignal | undefined;
  readonly failed: FailedKeys;
}

/** How long the creation of a topic may take before its errors are reported, and how often to try. */
const MAKING_MS = 1_000;
const MAKING_STEP_MS = 50;

/** What is answered while a topic is being made, in this order: the last by a leader that does not know of it yet. */
const beingMade: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
]);

function oversize(topic: string, size: number, limit: number): ProduceFailedError {
  const reason = `it takes ${size} bytes, and maxMessageBytes is ${limit}`;
  return new ProduceFailedError(topic, reason, { retryable: false, isTooLarge: true });
}
