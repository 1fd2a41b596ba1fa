import { count, durationMs, type OptionRules, oneOf } from '@openedx-ts/events-core/bus';

/** Options of a relay. */
export interface RelayOptions {
  /**
   * How long a relay that stopped renewing its lease keeps it, in milliseconds: after that another relay publishes. A relay
   * that cannot renew its lease stops publishing after nine tenths of it. @defaultValue 10000
   */
  readonly leaseMs?: number;
  /** Time between two looks for entries of other processes, in milliseconds. @defaultValue 100 */
  readonly pollIntervalMs?: number;
  /** Entries that are read and published at once, of one topic. @defaultValue 500 */
  readonly maxBatchRows?: number;
  /**
   * Bytes of records and keys that are read and published at once, of one topic; a larger entry is a batch by itself. The
   * relay keeps up to sixteen batches in memory: two each of eight topics. @defaultValue 4194304
   */
  readonly maxBatchBytes?: number;
  /**
   * What happens to later events of a key when one was parked: they are published, or they wait until the parked one is
   * redriven or discarded. @defaultValue 'go-on'
   */
  readonly whenParked?: 'go-on' | 'hold-key';
  /**
   * How long published entries are kept in their own table, in milliseconds; 0 deletes them at once, `Infinity` keeps them
   * until somebody purges them. @defaultValue 0
   */
  readonly keepPublishedMs?: number;
  /** How long a stop waits for the batches in flight, in milliseconds. @defaultValue 5000 */
  readonly closeTimeoutMs?: number;
}

/** Relay options after checks and defaults. */
export type ResolvedRelayOptions = Required<RelayOptions>;

/** The rules by which `resolveOptions` checks relay options. */
export const relayOptionRules: OptionRules<ResolvedRelayOptions> = {
  leaseMs: durationMs(10_000, { moreThanZero: true }),
  pollIntervalMs: durationMs(100, { moreThanZero: true }),
  maxBatchRows: count(1, 500),
  maxBatchBytes: count(1, 4 * 1024 * 1024),
  whenParked: oneOf(['go-on', 'hold-key'], 'go-on'),
  keepPublishedMs: durationMs(0),
  closeTimeoutMs: durationMs(5_000),
};
