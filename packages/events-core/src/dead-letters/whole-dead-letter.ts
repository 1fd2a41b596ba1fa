import type { TopicStore } from '../operate/topic-store.js';
import type { Message } from '../wire/message.js';
import { hasOmittedValue, omittedValueOf } from '../wire/omitted-value.js';
import type { DeadLetter } from './dead-letter-entry.js';

/**
 * The message of a dead letter with its value; one that was too large to be stored again is read from the source.
 *
 * @returns undefined when the source does not hold that message any more
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function wholeDeadLetter(
  store: Pick<TopicStore, 'read'>,
  { message, facts }: Pick<DeadLetter, 'message' | 'facts'>,
): Promise<Message | undefined> {
  const omitted = omittedValueOf(message);
  if (omitted === undefined) return message;
  const at = facts?.source.lastIndexOf('@') ?? -1;
  if (facts === null || at < 0) return undefined;
  const [topic, from] = [facts.source.slice(0, at), facts.source.slice(at + 1)];
  for await (const page of store.read(topic, { from })) {
    const [first] = page;
    if (first === undefined) continue;
    return first.position === from && hasOmittedValue(first.message, omitted) ? first.message : undefined;
  }
  return undefined;
}
