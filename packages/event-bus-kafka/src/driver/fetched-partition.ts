import type { FetchedBatches, FetchPosition } from './protocol/fetch.js';
import { batchTime, type DecodedBatches, decodeRecordBatches } from './protocol/record-batch.js';

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
  /** The error when the bytes could not be decoded. */
  readonly unreadable: unknown;
}

/** Decodes what was fetched of a partition. Bytes that cannot be decoded are reported with it and affect no other. */
export async function decodeFetched(
  { topicOrId, partition, errorCode, highWatermark, aborted, batches }: FetchedBatches,
  position: FetchPosition | undefined,
): Promise<FetchedPartition> {
  const topic = position?.topic ?? topicOrId;
  const known = { topic, partition, errorCode, highWatermark, firstBatchAt: batchTime(batches) };
  try {
    const decoded = await decodeRecordBatches(batches, position?.offset ?? 0, aborted);
    return { ...known, ...decoded, unreadable: undefined };
  } catch (unreadable) {
    return { ...known, records: [], nextOffset: undefined, unreadable };
  }
}
