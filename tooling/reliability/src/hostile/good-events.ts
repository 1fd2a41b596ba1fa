import { createMetadata, type Producer } from '@openedx-ts/events-core';
import type { BrokerUnderTest } from '../buses/bus-under-test.js';
import { ITEM_SENT } from '../item-sent.js';

/** Sends good events, one at a time. */
export class GoodEvents implements AsyncDisposable {
  readonly #producer: Producer;
  readonly #topic: string;
  #sent = 0;

  private constructor(producer: Producer, topic: string) {
    this.#producer = producer;
    this.#topic = topic;
  }

  static async open({ plugin, env }: BrokerUnderTest, topic: string): Promise<GoodEvents> {
    return new GoodEvents(await plugin.createProducer(env), topic);
  }

  /** Resolves with the event's id when the broker has accepted it. */
  async send(): Promise<string> {
    const metadata = createMetadata(ITEM_SENT);
    this.#sent += 1;
    await this.#producer.send({
      signal: ITEM_SENT,
      topic: this.#topic,
      eventKeyField: 'item.key',
      data: { item: { key: 'good', sequence: this.#sent } },
      metadata,
    });
    return metadata.id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#producer.close();
  }
}
