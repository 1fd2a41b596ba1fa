import type { BatchSequence } from '../driver/protocol/encode-record-batch.js';

/** Where a batch stands in the sequence of its producer, and in which cluster: another cluster gives the same ids anew. */
export interface ProducerSequence extends BatchSequence {
  /** Undefined without a producer id, and where brokers do not report it. */
  readonly clusterId?: string | undefined;
}
