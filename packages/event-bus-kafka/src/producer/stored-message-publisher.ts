import { InfrastructureError, type ProduceFailedError } from '@openedx-ts/events-core';
import type { Message } from '@openedx-ts/events-core/bus';
import { sizeOfMessage } from '../driver/protocol/size-of-message.js';
import type { ResolvedKafkaClientOptions } from '../options/kafka-options.js';
import { KafkaPublisher } from './kafka-publisher.js';

export interface StoredMessagePublisherOptions extends ResolvedKafkaClientOptions {
  readonly partitioner: 'crc32' | 'murmur2';
  readonly allowAutoTopicCreation: boolean;
}

/**
 * Publishes single messages that Kafka has stored before: dead letters, and what operators send again. What their topic
 * takes decides how large they may be, and not `maxMessageBytes`; where it takes one uncompressed no more, because it is
 * another topic or because dead letters have more headers, it is compressed. A large one is compressed at once, outside
 * the event loop: the check sum of what is sent is computed in one step, which would take long for 20 MB.
 */
export class StoredMessagePublisher {
  readonly #options: StoredMessagePublisherOptions;
  readonly #plain: KafkaPublisher;
  #gzip: KafkaPublisher | undefined;

  constructor(options: StoredMessagePublisherOptions) {
    this.#options = options;
    this.#plain = new KafkaPublisher({ ...options, maxMessageBytes: MAX_REQUEST_BYTES });
  }

  /**
   * Resolves with the position of the message.
   *
   * @throws ProduceFailedError when Kafka refuses the message for good; with `isTooLarge` even when compressed
   * @throws InfrastructureError, KafkaAccessError
   */
  async publish(message: Message): Promise<string> {
    try {
      if (sizeOfMessage(message) <= LARGE_BYTES) return await published(this.#plain, message);
    } catch (error) {
      if ((error as Partial<ProduceFailedError>).isTooLarge !== true) throw error;
    }
    this.#gzip ??= new KafkaPublisher({
      ...this.#options,
      maxMessageBytes: MAX_REQUEST_BYTES,
      compression: 'gzip',
    });
    return published(this.#gzip, message);
  }

  async close(): Promise<void> {
    await Promise.all([this.#plain.close(), this.#gzip?.close()]);
  }
}

/** Below `socket.request.max.bytes` of a broker, which is 100 MiB by default: beyond it a broker cuts the connection. */
const MAX_REQUEST_BYTES = 99 * 1024 * 1024;

/** The `message.max.bytes` of brokers by default: most topics take nothing larger uncompressed. */
const LARGE_BYTES = 1_048_588;

async function published(publisher: KafkaPublisher, message: Message): Promise<string> {
  const [outcome] = await publisher.publish([message]);
  if (outcome !== undefined && 'position' in outcome) return outcome.position;
  const isFailed = outcome !== undefined && 'error' in outcome;
  throw isFailed ? outcome.error : new InfrastructureError('Kafka: no answer');
}
