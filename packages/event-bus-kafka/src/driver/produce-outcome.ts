import type { ProducedBatch } from './protocol/produce.js';

/** What became of a batch: what the leader answered, or why there is no answer. */
export type ProduceOutcome =
  | { readonly answer: ProducedBatch }
  | {
      readonly failure: unknown;
      /** Whether the leader may have the batch nevertheless. */
      readonly wasSent: boolean;
    };
