import type { ProduceOutcome } from '../driver/produce-outcome.js';
import { errorName } from '../driver/protocol/error-names.js';
import { ProtocolError } from '../driver/protocol/protocol-error.js';

/**
 * What an answer, or that there is none, means for a batch:
 * - `stored`;
 * - `unknown`: its leader may have stored it;
 * - `otherCluster`: it was not sent, because its id and sequence number are those of another cluster;
 * - `outOfSequence`: its leader refused it because of its id, epoch or sequence number;
 * - `refused`: this try stored nothing.
 */
export type AnswerKind =
  | { readonly kind: 'stored'; readonly baseOffset: number }
  | { readonly kind: 'otherCluster' }
  | { readonly kind: 'unknown' | 'outOfSequence' | 'refused'; readonly error: unknown };

/** Classifies what became of a batch. */
export function answerKind(outcome: ProduceOutcome): AnswerKind {
  if ('failure' in outcome) {
    return { kind: outcome.wasSent ? 'unknown' : 'refused', error: outcome.failure };
  }
  const { errorCode, baseOffset } = outcome.answer;
  if (errorCode === 0) return { kind: 'stored', baseOffset };
  const type = errorName(errorCode);
  if (type === 'DUPLICATE_SEQUENCE_NUMBER') return { kind: 'stored', baseOffset: -1 };
  const error = new ProtocolError(errorCode);
  if (outOfSequence.has(type)) return { kind: 'outOfSequence', error };
  return { kind: maybeAppended.has(type) ? 'unknown' : 'refused', error };
}

/**
 * Errors for a batch that its leader may have appended. A leader that steps down while replicas copy a batch answers
 * NOT_LEADER_OR_FOLLOWER, as one that has never led: the next leader may have the batch.
 */
const maybeAppended: ReadonlySet<string> = new Set([
  'KAFKA_STORAGE_ERROR',
  'NETWORK_EXCEPTION',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'NOT_LEADER_OR_FOLLOWER',
  'REQUEST_TIMED_OUT',
  'UNKNOWN_SERVER_ERROR',
]);

/** Errors after which a partition continues with another epoch (KIP-360). */
const outOfSequence: ReadonlySet<string> = new Set([
  'INVALID_PRODUCER_EPOCH',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'PRODUCER_FENCED',
  'UNKNOWN_PRODUCER_ID',
]);
