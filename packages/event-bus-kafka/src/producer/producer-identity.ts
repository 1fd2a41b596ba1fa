import { runtime } from '@openedx-ts/events-core/bus';
import { errorName } from '../driver/protocol/error-names.js';
import type { ProducerId } from '../driver/protocol/init-producer-id.js';
import { ProtocolError } from '../driver/protocol/protocol-error.js';
import type { ProducerSequence } from './producer-sequence.js';

/** The answer to a request for a producer id, and the cluster that it came from. */
export type FetchedProducerId = ProducerId & Pick<ProducerSequence, 'clusterId'>;

/** The sequence of batches that brokers do not compare with earlier ones. */
const withoutProducerId: ProducerSequence = { producerId: -1n, producerEpoch: -1, baseSequence: -1 };

/**
 * The id of a producer, fetched once, with its first batch. Where the broker grants none because of a missing right, events
 * are produced without one, so that an event whose answer was lost may be stored twice.
 */
export class ProducerIdentity {
  #isUsed: boolean;
  #fetched: Promise<ProducerSequence> | undefined;
  #current: ProducerSequence | undefined;

  /** @param isUsed whether to ask for an id at all */
  constructor(isUsed: boolean) {
    this.#isUsed = isUsed;
  }

  /** Where each partition starts: the id with its first epoch, and the sequence number 0. */
  start(fetch: () => Promise<FetchedProducerId>): Promise<ProducerSequence> {
    if (!this.#isUsed) return Promise.resolve(withoutProducerId);
    if (this.#fetched === undefined) {
      const fetched = this.#sequenceOf(fetch);
      this.#fetched = fetched;
      fetched.then(
        (sequence) => {
          if (this.#fetched === fetched) this.#current = sequence;
        },
        () => {
          if (this.#fetched === fetched) this.#fetched = undefined;
        },
      );
    }
    return this.#fetched;
  }

  /**
   * Fetches another id for the partitions that start from now on: the epochs of this one are used up, or it is one of
   * another cluster.
   */
  replace({ producerId, clusterId }: ProducerSequence): void {
    const { producerId: currentId, clusterId: currentCluster } = this.#current ?? {};
    if (currentId === producerId && currentCluster === clusterId) this.renew();
  }

  /** Fetches another id for the partitions that start from now on. */
  renew(): void {
    this.#fetched = undefined;
    this.#current = undefined;
  }

  async #sequenceOf(fetch: () => Promise<FetchedProducerId>): Promise<ProducerSequence> {
    const { errorCode, producerId, producerEpoch, clusterId } = await fetch();
    if (errorName(errorCode) === 'CLUSTER_AUTHORIZATION_FAILED') {
      this.#isUsed = false;
      runtime().logger.warn(
        {},
        'Kafka does not allow this user to produce idempotently: an event whose answer is lost may be stored twice; grant IdempotentWrite on the cluster, or set idempotent: false',
      );
      return withoutProducerId;
    }
    ProtocolError.throwIf(errorCode);
    return { producerId, producerEpoch, baseSequence: 0, clusterId };
  }
}
