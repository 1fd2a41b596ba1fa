import { isConnectError, kafkaErrorType } from '../driver/kafka-error.js';
import type { ProducerSession } from '../driver/producer-session.js';
import { ProtocolError } from '../driver/protocol/protocol-error.js';
import type { CurrentSession } from './current-session.js';
import { orAborted } from './or-aborted.js';

/** A partition whose leader is used, and for how long. */
export interface WithLeaderOptions {
  readonly fullTopic: string;
  readonly partition: number;
  readonly abortSignal: AbortSignal | undefined;
}

/**
 * Uses the leader of a partition, and notes when something is wrong with it or with the connections.
 *
 * @throws InfrastructureError, KafkaAccessError, ProtocolError when there is no leader; what `use` throws
 */
export async function withLeader<T extends object>(
  current: CurrentSession,
  { fullTopic, partition, abortSignal }: WithLeaderOptions,
  use: (session: ProducerSession, leader: number) => Promise<T>,
): Promise<T> {
  const connecting = current.get();
  try {
    const session = await orAborted(connecting, abortSignal);
    const { errorCode, leaders } = await orAborted(session.topic(fullTopic), abortSignal);
    ProtocolError.throwIf(errorCode);
    const leader = leaders[partition] ?? -1;
    if (leader < 0) {
      session.forget(fullTopic);
      throw new ProtocolError(LEADER_NOT_AVAILABLE);
    }
    const used = await orAborted(use(session, leader), abortSignal);
    if (!('error' in used)) return used;
    session.forget(fullTopic);
    if (isLost(used.error) && !isConnectError(used.error)) current.replace(connecting);
    return used;
  } catch (error) {
    if (isLost(error)) current.replace(connecting);
    throw error;
  }
}

const LEADER_NOT_AVAILABLE = 5;

/** Whether there is no answer of a broker: the connection is of no use. */
function isLost(error: unknown): boolean {
  return kafkaErrorType(error) === undefined;
}
