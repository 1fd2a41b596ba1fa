import { runtime } from '@openedx-ts/events-core/bus';
import type { BatchSequence } from '../driver/protocol/encode-record-batch.js';
import { errorName } from '../driver/protocol/error-names.js';
import type { ProducerId } from '../driver/protocol/init-producer-id.js';
import { ProtocolError } from '../driver/protocol/protocol-error.js';

/** The sequence of batches that brokers do not compare with earlier ones. */
const withoutProducerId: BatchSequence = { producerId: -1n, producerEpoch: -1, baseSequence: -1 };

/**
 * The id of a producer, fetched once, with its first batch. Where the broker grants none because of a missing right, events
 * are produced without one, so that an event whose answer was lost may be stored twice.
 */
export class ProducerIdentity {
  #isUsed: boolean;
  #fetched: Promise<BatchSequence> | undefined;
  #currentId: bigint | undefined;

  /** @param isUsed whether to ask for an id at all */
  constructor(isUsed: boolean) {
    this.#isUsed = isUsed;
  }

  /** Where each partition starts: the id with its first epoch, and the sequence number 0. */
  start(fetch: () => Promise<ProducerId>): Promise<BatchSequence> {
    if (!this.#isUsed) return Promise.resolve(withoutProducerId);
    if (this.#fetched === undefined) {
      const fetched = this.#sequenceOf(fetch);
      this.#fetched = fetched;
      fetched.then(
        ({ producerId }) => {
          if (this.#fetched === fetched) this.#currentId = producerId;
        },
        () => {
          if (this.#fetched === fetched) this.#fetched = undefined;
        },
      );
    }
    return this.#fetched;
  }

  /** Fetches another id for the partitions that start from now on: the epochs of this one are used up. */
  replace(producerId: bigint): void {
    if (this.#currentId === producerId) this.renew();
  }

  /** Fetches another id for the partitions that start from now on. */
  renew(): void {
    this.#fetched = undefined;
    this.#currentId = undefined;
  }

  async #sequenceOf(fetch: () => Promise<ProducerId>): Promise<BatchSequence> {
    const { errorCode, producerId, producerEpoch } = await fetch();
    if (errorName(errorCode) === 'CLUSTER_AUTHORIZATION_FAILED') {
      this.#isUsed = false;
      runtime().logger.warn(
        {},
        'Kafka does not allow this user to produce idempotently: an event whose answer is lost may be stored twice; grant IdempotentWrite on the cluster, or set idempotent: false',
      );
      return withoutProducerId;
    }
    ProtocolError.throwIf(errorCode);
    return { producerId, producerEpoch, baseSequence: 0 };
  }
}
