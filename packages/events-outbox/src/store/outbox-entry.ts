/** An encoded event as a row of the outbox, before the database has given it a position. No bus has framed it. */
export interface OutboxEntry {
  /** Without prefix. */
  readonly topic: string;
  readonly eventType: string;
  /** The metadata's id, a UUID. */
  readonly eventId: string;
  /** The metadata in the reference's `to_json` form. */
  readonly metadata: string;
  /** The data in Avro's binary form, without a frame. */
  readonly record: Uint8Array;
  /** The fingerprint of the schema with which the record was written; its text is stored once. */
  readonly recordSchema: string;
  /** The key as text; events of one topic and key are published in the order of their commits. */
  readonly key: string;
  /** The key in Avro's binary form, without a frame. */
  readonly keyBytes: Uint8Array;
  readonly keySchema: string;
}

/** An entry that waits to be published. */
export interface PendingEntry extends OutboxEntry {
  /** Grows with the order of commits of a topic and key. */
  readonly position: bigint;
  /** CRC-32 of topic, NUL and key, modulo 1,024. */
  readonly lane: number;
}
