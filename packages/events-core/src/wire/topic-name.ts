/** What is wrong with a topic's name (without prefix), or undefined. The rule is Kafka's, with room for a prefix. */
export function topicProblem(topic: unknown): string | undefined {
  return typeof topic === 'string' && /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,200}$/.test(topic)
    ? undefined
    : 'a topic is 1 to 200 characters of A-Z, a-z, 0-9, ".", "_" and "-"';
}

/**
 * The name of a topic on the broker: `<prefix>-<topic>`, or the topic alone without a prefix. Every API takes topics
 * without prefix (the reference's `EVENT_BUS_TOPIC_PREFIX`).
 */
export function fullTopicName(topic: string, prefix: string | undefined): string {
  return prefix === undefined || prefix === '' ? topic : `${prefix}-${topic}`;
}

/** The topic of a full name; the whole name where it has not this prefix. */
export function topicWithoutPrefix(fullTopic: string, prefix: string | undefined): string {
  const start = fullTopicName('', prefix);
  return fullTopic.startsWith(start) ? fullTopic.slice(start.length) : fullTopic;
}
