import type { RequestType } from './request-type.js';

/** An id by which brokers know a producer, so that they store each of its batches once. */
export interface ProducerId {
  /** Kafka's number of the error; 0 for none. */
  readonly errorCode: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** InitProducerId, versions 0 (Kafka 0.11) to 4 (Kafka 2.7), for a new id without transactions. */
export const initProducerIdRequest: RequestType<null, ProducerId> = {
  apiKey: 22,
  apiName: 'InitProducerId',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 2,
  write: (writer, _, version) => {
    writer.string(null).int32(-1); // no transaction, and so no timeout of one
    if (version >= 3) writer.int64(-1).int16(-1); // no id from before
    writer.taggedFields();
  },
  read: (reader) => {
    const errorCode = reader.int16();
    return { errorCode, producerId: reader.bigint64(), producerEpoch: reader.int16() };
  },
};
