import { fullTopicName } from '@openedx-ts/events-core/bus';

/** Whether no event was ever added: consumers create streams, and Python members by an entry `0-1` that they delete. */
export function isUnwritten(lastGeneratedId: string): boolean {
  return lastGeneratedId === '0-0' || lastGeneratedId === '0-1';
}

/** Whether a full topic has the prefix twice, because the name of the topic was given with it. */
export function hasPrefixTwice(fullTopic: string, prefix: string | undefined): boolean {
  return Boolean(prefix) && fullTopic.startsWith(fullTopicName(fullTopicName('', prefix), prefix));
}
