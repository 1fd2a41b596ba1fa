import type { ProtocolReader } from './protocol-reader.js';
import type { ProtocolWriter } from './protocol-writer.js';

/** A request of Kafka's protocol in the versions that this package speaks (https://kafka.apache.org/protocol). */
export interface RequestType<Query, Answer> {
  readonly apiKey: number;
  readonly apiName: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** The first version with compact lengths and tagged fields. */
  readonly flexibleFrom: number;
  readonly write: (writer: ProtocolWriter, query: Query, version: number) => void;
  /** Reads the body behind the throttle time, which comes first in each of these responses. */
  readonly read: (reader: ProtocolReader, version: number) => Answer;
}
