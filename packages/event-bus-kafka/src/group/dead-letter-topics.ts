import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import type { KafkaDriver } from '../driver/kafka-driver.js';

/**
 * Creates dead-letter topics before their first use, where brokers create topics that are used: with room for every
 * message of the source topic and the headers that a dead letter has in addition. A topic that a broker creates by itself
 * has the broker's limits instead, which may be lower than those of the source topic.
 */
export class DeadLetterTopics {
  readonly #driver: KafkaDriver;
  readonly #ensured = new Map<string, Promise<void>>();

  constructor(driver: KafkaDriver) {
    this.#driver = driver;
  }

  /** Resolves when the topic was there, was created, or is left to the broker, because that needs a right we lack. */
  ensure(fullTopic: string, sourceTopic: string): Promise<void> {
    let ensuring = this.#ensured.get(fullTopic);
    if (ensuring === undefined) {
      ensuring = this.#create(fullTopic, sourceTopic).catch((error: unknown) => {
        if (error instanceof InfrastructureError) this.#ensured.delete(fullTopic); // tried again with the next
        runtime().logger.debug(
          { topic: fullTopic, reason: reasonOf(error) },
          'the limits of the source topic are not copied to the dead-letter topic: the broker creates it with its own',
        );
      });
      this.#ensured.set(fullTopic, ensuring);
    }
    return ensuring;
  }

  async #create(fullTopic: string, sourceTopic: string): Promise<void> {
    const driver = this.#driver;
    if ((await driver.readTopics([fullTopic])).has(fullTopic)) return;
    const [broker] = driver.brokers;
    if (broker === undefined) return;
    const config = await driver.describeConfigs(broker.nodeId);
    if (config.get('auto.create.topics.enable') === 'false') return;
    const limit = Number((await driver.describeConfigs(sourceTopic)).get(MAX_MESSAGE_BYTES));
    if (!Number.isSafeInteger(limit)) return;
    const room = Math.min(limit + FACTS_BYTES, MAX_INT);
    await driver.createTopic({ fullTopic, config: new Map([[MAX_MESSAGE_BYTES, String(room)]]) });
  }
}

const MAX_MESSAGE_BYTES = 'max.message.bytes';
/** More than the headers of a dead letter have. */
const FACTS_BYTES = 16_384;
const MAX_INT = 2 ** 31 - 1;
