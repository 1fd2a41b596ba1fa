import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { Admin } from 'kafkajs';
import { BrokerSockets } from '../broker-sockets.js';
import { createKafka } from '../kafka-client.js';
import { kafkaError } from '../kafka-error.js';
import type { ResolvedKafkaClientOptions } from '../kafka-options.js';

/** Deletes records of topics, all before an offset. */
export class DeletedRecords {
  readonly #options: ResolvedKafkaClientOptions;
  #opened: { readonly admin: Admin; readonly sockets: BrokerSockets } | undefined;

  constructor(options: ResolvedKafkaClientOptions) {
    this.#options = options;
  }

  /** @param isNeeded whether it is a failure that they stay; otherwise it is a warning */
  async upTo(
    topic: string,
    partitions: readonly { readonly partition: number; readonly offset: number }[],
    isNeeded: boolean,
  ): Promise<void> {
    if (partitions.length === 0) return;
    try {
      const admin = await this.#admin();
      await admin.fetchTopicOffsets(topic); // kafkajs deletes from topics alone that it has asked about
      const wanted = partitions.map(({ partition, offset }) => ({ partition, offset: String(offset) }));
      await admin.deleteTopicRecords({ topic, partitions: wanted });
    } catch (error) {
      const doing = `records of topic ${topic} cannot be deleted`;
      if (isNeeded) throw kafkaError(causeOf(error), doing);
      runtime().logger.warn({ topic, reason: reasonOf(causeOf(error)) }, doing);
    }
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    opened?.sockets.close();
    await opened?.admin.disconnect().catch(() => {}); // it is gone anyway
  }

  async #admin(): Promise<Admin> {
    if (this.#opened === undefined) {
      const sockets = new BrokerSockets(this.#options);
      this.#opened = { sockets, admin: createKafka(this.#options, sockets).admin() };
      await this.#opened.admin.connect();
    }
    return this.#opened.admin;
  }
}

/** kafkajs hides what each partition said. */
function causeOf(error: unknown): unknown {
  const { partitions } = (error ?? {}) as { readonly partitions?: readonly { readonly error?: unknown }[] };
  return (Array.isArray(partitions) ? partitions[0]?.error : undefined) ?? error;
}
