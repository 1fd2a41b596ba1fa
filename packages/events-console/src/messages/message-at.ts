import { fullTopicName } from '@openedx-ts/events-core/bus';
import type { StoredMessage } from '@openedx-ts/events-core/operate';
import { ConsoleError } from '../errors/console-error.js';
import type { MessageTools } from './message-tools.js';

/**
 * The message at a position of a topic.
 *
 * @param topic without prefix
 * @throws ConsoleError when there is none: the broker may have deleted it
 * @throws InvalidOptionsError when it is no position of this bus
 */
export async function messageAt(
  { topics }: Pick<MessageTools, 'topics'>,
  topic: string,
  position: string,
): Promise<StoredMessage> {
  for await (const [first] of topics.read(fullTopicName(topic, topics.topicPrefix), { from: position })) {
    if (first?.position === position) return first;
    break;
  }
  const message = `topic ${topic} holds nothing at ${position}: the broker may have deleted it`;
  throw new ConsoleError(404, 'CONSOLE_NOT_FOUND', message);
}
