import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf } from '@openedx-ts/events-core/bus';
import { MissingCodecError } from '../driver/compression/missing-codec-error.js';
import { IncompleteBatchError, RECORD_COST, type UnreadableBatch } from '../driver/protocol/record-batch.js';
import type { ResolvedKafkaConsumerOptions } from '../options/kafka-consumer-options.js';
import type { Lane } from './lane.js';
import { UnreadableBatchError } from './unreadable-batch-error.js';

/**
 * Decides what becomes of a batch that cannot be read. One that somebody can make readable, by a codec, holds its
 * partition. Any other does so with the policy `'hold'`; with `'fail'` it is fetched again a few times and then handed to
 * the consumer, which treats it as an event that cannot be decoded.
 */
export class UnreadableBatches {
  readonly #policy: ResolvedKafkaConsumerOptions['onUndecodableBatch'];
  readonly #tries = new WeakMap<Lane, { readonly offset: number; readonly count: number }>();

  constructor(policy: ResolvedKafkaConsumerOptions['onUndecodableBatch']) {
    this.#policy = policy;
  }

  /** @returns the failure while the partition must wait; undefined when the consumer gets the batch */
  accept(
    lane: Lane,
    { firstOffset, lastOffset, error }: UnreadableBatch,
    highWatermark: number,
  ): InfrastructureError | undefined {
    const { fullTopic, partition } = lane;
    const isHeld =
      this.#policy === 'hold' || error instanceof MissingCodecError || error instanceof IncompleteBatchError;
    if (isHeld || this.#countTry(lane, firstOffset) < MAX_TRIES) {
      const message = `Topic ${fullTopic}: partition ${partition} cannot be read from offset ${firstOffset} on: ${reasonOf(error)}`;
      return new InfrastructureError(message, { cause: error });
    }
    const isPossible = lastOffset >= firstOffset && lastOffset < highWatermark;
    const offset = isPossible ? lastOffset : firstOffset;
    const unreadable = new UnreadableBatchError(
      `the batch of offsets ${firstOffset} to ${offset} of topic ${fullTopic}, partition ${partition}, cannot be read: ${reasonOf(error)}`,
      { cause: error },
    );
    const record = { offset, key: null, value: null, headers: [], sentAt: null, size: RECORD_COST };
    lane.add(lane.fetchOffset, [{ ...record, unreadable: { firstOffset, error: unreadable } }], offset + 1);
    return undefined;
  }

  #countTry(lane: Lane, offset: number): number {
    const before = this.#tries.get(lane);
    const count = before?.offset === offset ? before.count + 1 : 1;
    this.#tries.set(lane, { offset, count });
    return count;
  }
}

/** Bytes may be damaged on their way, and are right the next time. */
const MAX_TRIES = 3;
