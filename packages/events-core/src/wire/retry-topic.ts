/** The topic on which a group, and no other, receives redriven dead letters of a topic: `<full topic>.<group>.retry`. */
export function retryTopic(fullTopic: string, groupId: string): string {
  return `${fullTopic}.${groupId}${END}`;
}

/** Whether a topic, with or without prefix, has the name of a retry topic. */
export function isRetryTopic(topic: string): boolean {
  return topic.endsWith(END);
}

/**
 * The headers of a dead letter that a message on a retry topic keeps: where the event was first, and for which group it is.
 */
export const RETRY_FACTS: ReadonlySet<string> = new Set(['dlq-source', 'dlq-group']);

const END = '.retry';
