/** What is wrong with the full name of a topic on Kafka, as brokers check it; undefined for nothing. */
export function kafkaTopicProblem(fullTopic: string): string | undefined {
  if (!/^(?!\.{1,2}$)[A-Za-z0-9._-]+$/.test(fullTopic))
    return 'Kafka allows only A-Z, a-z, 0-9, ".", "_" and "-" in names of topics';
  if (fullTopic.length <= MAX_LENGTH) return undefined;
  return `it would have ${fullTopic.length} characters, and Kafka allows ${MAX_LENGTH} in names of topics`;
}

const MAX_LENGTH = 249;
