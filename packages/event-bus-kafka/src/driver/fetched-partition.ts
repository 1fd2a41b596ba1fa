import { batchTime } from './protocol/batch-time.js';
import type { FetchedBatches, FetchPosition } from './protocol/fetch.js';
import { type DecodedBatches, type DecodeLimits, decodeRecordBatches } from './protocol/record-batch.js';

/** What a broker has of a partition, or the number of the error that it has with it. */
export interface FetchedPartition extends DecodedBatches {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's number of the error; 0 for none. */
  readonly errorCode: number;
  /** The offset behind the last event that may be read. */
  readonly highWatermark: number;
  /** When the first batch was sent, in milliseconds since 1970; null when it is not known or there is no batch. */
  readonly firstBatchAt: number | null;
}

/**
 * Decodes what was fetched of partitions from these positions, one after the other. Once the records take
 * `maxRecordBytes`, of all or of one partition, nothing more is decoded: what is left is fetched again. A batch that
 * cannot be read is reported with its partition and affects no other.
 */
export async function decodeFetched(
  fetched: readonly FetchedBatches[],
  positions: readonly FetchPosition[],
  limits: DecodeLimits = {},
): Promise<readonly FetchedPartition[]> {
  const { maxBatchBytes, maxRecordBytes = Infinity } = limits;
  const decoded: FetchedPartition[] = [];
  let room = maxRecordBytes;
  for (const one of fetched) {
    const position = positions.find(
      ({ topic, topicId, partition }) =>
        partition === one.partition && (topic === one.topicOrId || topicId === one.topicOrId),
    );
    const ofPartition = Math.min(room, position?.maxRecordBytes ?? Infinity);
    const partition = await decodePartition(one, position, { maxBatchBytes, maxRecordBytes: ofPartition });
    for (const { size } of partition.records) room -= size;
    decoded.push(partition);
  }
  return decoded;
}

async function decodePartition(
  { topicOrId, partition, errorCode, highWatermark, aborted, batches }: FetchedBatches,
  position: FetchPosition | undefined,
  limits: DecodeLimits,
): Promise<FetchedPartition> {
  const topic = position?.topic ?? topicOrId;
  const known = { topic, partition, errorCode, highWatermark, firstBatchAt: batchTime(batches) };
  return { ...known, ...(await decodeRecordBatches(batches, position?.offset ?? 0, aborted, limits)) };
}
