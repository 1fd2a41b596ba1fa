import { InvalidOptionsError } from '@openedx-ts/events-core';
import { retryTopic } from '@openedx-ts/events-core/bus';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { KafkaAccessError, kafkaErrorType } from '../driver/kafka-error.js';

/**
 * Creates the topic of redriven dead letters of a group unless it exists: with the partitions of the topic that they came
 * from, and room for each of its messages and the headers that a redrive adds.
 *
 * @throws InvalidOptionsError when there is no such topic
 * @throws KafkaAccessError when the user may not create topics
 * @throws InfrastructureError when the cluster cannot be reached
 */
export async function createRetryTopic(
  driver: KafkaDriver,
  sourceTopic: string,
  groupId: string,
): Promise<void> {
  const fullTopic = retryTopic(sourceTopic, groupId);
  const found = await driver.readTopics([sourceTopic, fullTopic]);
  if (found.has(fullTopic)) return;
  const source = found.get(sourceTopic);
  if (source === undefined) {
    const message = `topic ${sourceTopic} does not exist: check the topic and EVENT_BUS_TOPIC_PREFIX`;
    throw new InvalidOptionsError('retry topic', [{ path: 'topic', message }]);
  }
  const config = await configOf(driver, sourceTopic);
  try {
    await driver.createTopic({ fullTopic, config, partitions: source.partitions.length });
  } catch (error) {
    if (kafkaErrorType(error) !== 'TOPIC_ALREADY_EXISTS') throw error;
  }
}

/** Brokers have a limit of their own, which applies where that of the source cannot be read. */
async function configOf(driver: KafkaDriver, sourceTopic: string): Promise<ReadonlyMap<string, string>> {
  try {
    const limit = Number((await driver.describeConfigs(sourceTopic)).get(MAX_MESSAGE_BYTES));
    if (!Number.isSafeInteger(limit)) return new Map();
    return new Map([[MAX_MESSAGE_BYTES, String(Math.min(limit + ADDED_BYTES, MAX_INT))]]);
  } catch (error) {
    if (error instanceof KafkaAccessError) return new Map();
    throw error;
  }
}

const MAX_MESSAGE_BYTES = 'max.message.bytes';
/** More than the headers that a redrive adds have. */
const ADDED_BYTES = 16_384;
const MAX_INT = 2 ** 31 - 1;
