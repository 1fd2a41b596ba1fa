import { errorName } from '../driver/protocol/error-names.js';
import { ProtocolError } from '../driver/protocol/protocol-error.js';
import type { TopicLeaders } from '../driver/topic-leaders.js';
import type { CurrentSession } from './current-session.js';
import { isBeingCreated } from './is-being-created.js';
import { orAborted } from './or-aborted.js';
import { type WhileBeingCreatedOptions, whileBeingCreated } from './while-being-created.js';

/** How to look a topic up. */
export interface PartitionsOfTopicOptions extends WhileBeingCreatedOptions {
  readonly allowAutoTopicCreation: boolean;
}

/**
 * Returns the leaders of a topic's partitions, -1 for a partition without one, and waits for a topic that brokers create.
 *
 * @throws ProtocolError when the topic cannot be used; InfrastructureError, KafkaAccessError when no broker answers
 */
export async function partitionsOfTopic(
  current: CurrentSession,
  fullTopic: string,
  options: PartitionsOfTopicOptions,
): Promise<readonly number[]> {
  const look = async () => {
    const connecting = current.get();
    try {
      const session = await orAborted(connecting, options.abortSignal);
      return await orAborted(session.topic(fullTopic), options.abortSignal);
    } catch (error) {
      current.replace(connecting); // no broker answered
      throw error;
    }
  };
  const isCreating = ({ errorCode }: TopicLeaders) => errorCode !== 0 && isBeingCreated(errorName(errorCode));
  const { errorCode, leaders } = options.allowAutoTopicCreation
    ? await whileBeingCreated(look, isCreating, options)
    : await look();
  ProtocolError.throwIf(errorCode);
  return leaders;
}
