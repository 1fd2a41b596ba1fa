import { deferred } from '@openedx-ts/events-core/bus';
import type { ProduceOutcome } from './produce-outcome.js';
import type { BatchToProduce } from './protocol/produce.js';

/** Sends one request with batches of different partitions to a broker; resolves with their outcomes, in their order. */
export type SendBatches = (
  nodeId: number,
  batches: readonly BatchToProduce[],
) => Promise<readonly ProduceOutcome[]>;

/**
 * Puts batches into requests. Those that are given for one broker in the same tick of the event loop share one, so that
 * events that leave together cost one request a broker and not one a partition.
 */
export class ProduceRequests {
  readonly #send: SendBatches;
  readonly #waiting = new Map<number, WaitingBatch[]>();

  constructor(send: SendBatches) {
    this.#send = send;
  }

  /** Sends a batch to the leader of its partition, which has no other batch that waits for an answer. */
  produce(nodeId: number, batch: BatchToProduce): Promise<ProduceOutcome> {
    const outcome = deferred<ProduceOutcome>();
    const waiting = this.#waiting.get(nodeId);
    if (waiting !== undefined) waiting.push({ batch, resolve: outcome.resolve });
    else {
      this.#waiting.set(nodeId, [{ batch, resolve: outcome.resolve }]);
      process.nextTick(() => this.#flush(nodeId)); // after the promises that lead here for other partitions
    }
    return outcome.promise;
  }

  #flush(nodeId: number): void {
    const waiting = this.#waiting.get(nodeId) ?? [];
    this.#waiting.delete(nodeId);
    for (const together of inRequests(waiting)) {
      const batches = together.map(({ batch }) => batch);
      void this.#send(nodeId, batches).then((outcomes) => {
        for (const [index, { resolve }] of together.entries()) resolve(outcomes[index] as ProduceOutcome);
      });
    }
  }
}

interface WaitingBatch {
  readonly batch: BatchToProduce;
  readonly resolve: (outcome: ProduceOutcome) => void;
}

/** Below `socket.request.max.bytes` of a broker, which is 100 MiB by default: beyond it a broker cuts the connection. */
const MAX_REQUEST_BYTES = 99 * 1024 * 1024;

function inRequests(waiting: readonly WaitingBatch[]): readonly (readonly WaitingBatch[])[] {
  const requests: WaitingBatch[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const one of waiting) {
    size += one.batch.bytes.length;
    if (size > MAX_REQUEST_BYTES) {
      requests.push([]);
      size = one.batch.bytes.length;
    }
    requests.at(-1)?.push(one);
  }
  return requests;
}
