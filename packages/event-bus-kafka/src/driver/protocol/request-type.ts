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
  /** Whether the throttle time ends the response, instead of being in front. @defaultValue false */
  readonly isThrottleTimeLast?: boolean;
  /** Reads the body without its throttle time. */
  readonly read: (reader: ProtocolReader, version: number) => Answer;
}
