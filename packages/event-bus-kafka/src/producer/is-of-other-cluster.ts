import type { ProducerSession } from '../driver/producer-session.js';
import type { ProducerSequence } from './producer-sequence.js';

/**
 * Whether a sequence was started in another cluster than the one that a session is connected to. That one gives the same ids
 * to other producers, and would take a batch of this sequence for one of theirs that it has stored.
 */
export function isOfOtherCluster(
  { clusterId }: ProducerSequence,
  session: Pick<ProducerSession, 'clusterId'>,
): boolean {
  return clusterId !== undefined && session.clusterId !== undefined && clusterId !== session.clusterId;
}
