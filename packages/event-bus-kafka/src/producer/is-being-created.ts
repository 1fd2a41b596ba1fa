/** Whether brokers report this error of a topic that they are creating, or of a partition whose leader is not ready yet. */
export function isBeingCreated(errorType: string | undefined): boolean {
  return beingCreated.has(errorType ?? '');
}

/** In the order in which they come. */
const beingCreated: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
]);
