/** One header; names may repeat, values are any bytes. Kafka also has null values, which are not empty ones. */
export type Header = readonly [name: string, value: Uint8Array | null];

/**
 * What travels on a bus, kept whole: repeated headers, header values that are null or no UTF-8, and tombstones
 * (`value: null`) included. A dead letter keeps it unchanged.
 */
export interface Message {
  /** With the environment's prefix. */
  readonly topic: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly Header[];
}
