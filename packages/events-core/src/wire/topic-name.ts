/**
 * The name of a topic on the broker: `<prefix>-<topic>`, or the topic alone without a prefix. Every API takes topics
 * without prefix (the reference's `EVENT_BUS_TOPIC_PREFIX`).
 */
export function fullTopicName(topic: string, prefix: string | undefined): string {
  return prefix === undefined || prefix === '' ? topic : `${prefix}-${topic}`;
}
