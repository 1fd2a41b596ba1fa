import { InfrastructureError } from '@openedx-ts/events-core';
import { reasonOf } from '@openedx-ts/events-core/bus';
import type { StoredMessage } from '@openedx-ts/events-core/operate';
import type { KafkaDriver } from '../driver/kafka-driver.js';
import { errorName } from '../driver/protocol/error-names.js';
import type { RemovedOffsets } from './removed-offsets.js';
import { storedMessageOf } from './stored-message-of.js';

/** A range of a partition. */
export interface PartitionRange {
  readonly fullTopic: string;
  readonly partition: number;
  /** The node that leads it. */
  readonly leader: number;
  /** The first offset. */
  readonly first: number;
  /** Behind the last offset. */
  readonly end: number;
  /** What is left out. */
  readonly gone: RemovedOffsets;
}

/**
 * Yields the messages of a range in order, in pages; without those that the broker has deleted since the range was looked
 * up, as while dead letters are redriven.
 *
 * @param maxBytes of one page, about
 * @throws InfrastructureError when the partition cannot be read
 */
export async function* readPartition(
  driver: KafkaDriver,
  { fullTopic, partition, leader, first, end, gone }: PartitionRange,
  maxBytes = 1_048_576,
): AsyncGenerator<readonly StoredMessage[]> {
  const firstKept = async () =>
    (await driver.listOffsets(fullTopic, [partition], 'earliest')).get(partition) ?? first;
  let empty = 0;
  for (let offset = first; offset < end; ) {
    const position = { topic: fullTopic, partition, offset, maxBytes };
    const [fetched] = await driver.fetch(leader, [position], { maxWaitMs: 500, maxBytes });
    const { errorCode = -1, unreadable, records = [], nextOffset } = fetched ?? {};
    const kept = errorName(errorCode) === 'OFFSET_OUT_OF_RANGE' ? await firstKept() : offset;
    if (kept > offset) {
      offset = kept;
      continue;
    }
    const isStuck = unreadable !== undefined && nextOffset === undefined;
    if (errorCode !== 0 || isStuck) {
      const why = isStuck ? reasonOf(unreadable.error) : `error ${errorCode}`;
      throw new InfrastructureError(`${fullTopic}/${partition} cannot be read at ${offset}: ${why}`);
    }
    empty = nextOffset === undefined ? empty + 1 : 0;
    if (empty === 10) throw new InfrastructureError(`${fullTopic}/${partition} gives nothing at ${offset}`);
    yield records
      .filter((record) => record.offset < end && !gone.has(record.offset))
      .map((record) => storedMessageOf(fullTopic, partition, record));
    offset = nextOffset ?? offset;
  }
}
