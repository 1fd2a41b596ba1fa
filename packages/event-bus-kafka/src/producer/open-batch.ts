import type { Message } from '@openedx-ts/events-core/bus';
import type { ProducerSequence } from './producer-sequence.js';

/** What became of a batch: the offset of its first message, -1 where Kafka no longer knows it, or an error for all. */
export type BatchOutcome = { readonly baseOffset: number } | { readonly error: Error };

/** A batch of a partition as it was encoded once. It is sent again unchanged until it is known what became of it. */
export interface OpenBatch {
  readonly partition: number;
  readonly messages: readonly Message[];
  bytes: Buffer;
  sequence: ProducerSequence;
  /** Whether the leader may have stored it. */
  mayBeStored: boolean;
  /** Set once it is known, or never will be. */
  outcome?: BatchOutcome;
  /** When it was encoded, on the clock that never jumps. */
  readonly encodedAt: number;
}
