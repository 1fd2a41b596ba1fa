import type { OpenBatch } from './open-batch.js';
import type { ProducerSequence } from './producer-sequence.js';

/** The sequence of the batch behind a batch. Numbers of 31 bits start again with 0. */
export function sequenceAfter({ sequence, messages }: OpenBatch): ProducerSequence {
  if (sequence.producerId < 0n) return sequence;
  return { ...sequence, baseSequence: (sequence.baseSequence + messages.length) & 0x7fff_ffff };
}
