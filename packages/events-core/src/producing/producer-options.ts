import { anything, count, durationMs, type OptionRules } from '../runtime/resolve-options.js';
import type { EventCodec } from '../wire/codec.js';

/** Options of the producer of every bus. */
export interface ProducerOptions {
  /** Put in front of every topic, with a `-`. @defaultValue none */
  readonly topicPrefix?: string | undefined;
  /** How data becomes bytes. @defaultValue the bus's own, which is Avro */
  readonly codec?: EventCodec | undefined;
  /** Events that may wait for the broker; one more is refused with `BufferFullError`. @defaultValue 10000 */
  readonly maxBufferedEvents?: number;
  /**
   * Bytes of encoded events that may wait for the broker; one more is refused with `BufferFullError`. An event that is
   * larger by itself is accepted while no other waits. @defaultValue 67108864
   */
  readonly maxBufferedBytes?: number;
  /** Events that travel in one request. @defaultValue 500 */
  readonly maxBatchSize?: number;
  /** Time after which a send to an unreachable broker rejects, in milliseconds. @defaultValue 120000 */
  readonly deliveryTimeoutMs?: number;
  /**
   * How long `close()` flushes, in milliseconds. With the `drainTimeoutMs` of a consumer it stays below the 30 s that
   * Kubernetes gives a pod to end. @defaultValue 5000
   */
  readonly closeTimeoutMs?: number;
}

/** Producer options after checks and defaults. */
export type ResolvedProducerOptions = Required<ProducerOptions>;

/** The rules of `ProducerOptions`, for buses to add their own to. */
export const producerOptionRules: OptionRules<ResolvedProducerOptions> = {
  topicPrefix: anything(undefined),
  codec: anything(undefined),
  maxBufferedEvents: count(1, 10_000),
  maxBufferedBytes: count(1, 64 * 1024 * 1024),
  maxBatchSize: count(1, 500),
  deliveryTimeoutMs: durationMs(120_000),
  closeTimeoutMs: durationMs(5_000),
};
