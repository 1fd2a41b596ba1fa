import type { EventsMetadata } from '../metadata/events-metadata.js';
import type { EncodedKey, WriterSchema } from './codec.js';

/** An event as bytes, before a bus frames it: what an outbox can store and any bus can publish. */
export interface EncodedEvent {
  readonly metadata: EventsMetadata;
  /** Without the environment's prefix. */
  readonly topic: string;
  /** The data in Avro's binary form, without a frame. */
  readonly record: Uint8Array;
  readonly schema: WriterSchema;
  readonly key: EncodedKey;
}
