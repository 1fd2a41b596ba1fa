import {
  anything,
  count,
  durationMs,
  flag,
  type OptionRules,
  oneOf,
  requiredText,
} from '../runtime/resolve-options.js';
import { DateTime } from '../shapes/date-time.js';
import type { EventCodec } from '../wire/codec.js';
import type { StartPosition } from './consumer.js';

/** What every bus's consumer can be told. */
export interface ConsumerOptions {
  /** Without prefix; events of any type on them are handled. */
  readonly topics: readonly string[];
  /** Members of one group share the events; every group gets all. */
  readonly groupId: string;
  /** Put in front of every topic, with a `-`. @defaultValue none */
  readonly topicPrefix?: string | undefined;
  /** How bytes become data. @defaultValue the bus's own, which is Avro */
  readonly codec?: EventCodec | undefined;
  /** Where a new group begins. @defaultValue 'resume' */
  readonly startFrom?: StartPosition;
  /**
   * What becomes of an event that cannot be decoded, or whose receivers still fail after the last attempt.
   * `'drop'` acknowledges it away, as the Python buses do; `'stop'` leaves it and ends `run` with an error.
   * @defaultValue 'dead-letter'
   */
  readonly onFailure?: 'dead-letter' | 'drop' | 'stop';
  /** What becomes of an event whose type is not loaded here. @defaultValue 'skip' */
  readonly unknownType?: 'skip' | 'dead-letter' | 'stop';
  /** Tries of an event's receivers; after the first, only those that failed run again. @defaultValue 5 */
  readonly maxAttempts?: number;
  /** Wait before the second try; doubled for each further one. @defaultValue 100 */
  readonly initialBackoffMs?: number;
  /** Longest wait between tries, also while something is down. @defaultValue 10000 */
  readonly maxBackoffMs?: number;
  /** Handled events of a lane that are acknowledged together, at most; so many may come again after a crash. @defaultValue 100 */
  readonly ackEvery?: number;
  /** Received events that may wait to be handled. @defaultValue 1000 */
  readonly maxBufferedEvents?: number;
  /** How long an event in hand may take after `stop()`, or when its lane is taken away. @defaultValue 30000 */
  readonly drainTimeoutMs?: number;
  /**
   * `false`: `run()` leaves the broker alone, says so in log and health, and waits to be stopped. A kill switch: the
   * group stays where it is. @defaultValue true
   */
  readonly enabled?: boolean;
  /**
   * Events in a row that may be dead-lettered or dropped; with the last of them the consumer fails, because then this
   * service is at fault rather than its events. A handled event begins anew. What is down does not count: that is
   * waited for. @defaultValue Infinity
   */
  readonly maxConsecutiveFailures?: number;
  /** One info line for each handled event: ids and position, no payload. @defaultValue false */
  readonly auditLog?: boolean;
}

/** Consumer options after checks and defaults. */
export type ResolvedConsumerOptions = Required<ConsumerOptions>;

/** The rules of `ConsumerOptions`, for buses to add their own to. */
export const consumerOptionRules: OptionRules<ResolvedConsumerOptions> = {
  topics: {
    problem: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((topic) => typeof topic === 'string' && topic !== '') &&
      new Set(value).size === value.length
        ? undefined
        : 'must be a list of at least one topic, and none twice',
  },
  groupId: requiredText(),
  topicPrefix: anything(undefined),
  codec: anything(undefined),
  startFrom: { defaultValue: 'resume', problem: startPositionProblem },
  onFailure: oneOf(['dead-letter', 'drop', 'stop'], 'dead-letter'),
  unknownType: oneOf(['skip', 'dead-letter', 'stop'], 'skip'),
  maxAttempts: count(1, 5, { allowInfinity: true }),
  initialBackoffMs: durationMs(100),
  maxBackoffMs: durationMs(10_000),
  ackEvery: count(1, 100),
  maxBufferedEvents: count(1, 1_000),
  drainTimeoutMs: durationMs(30_000),
  enabled: flag(true),
  maxConsecutiveFailures: count(1, Infinity, { allowInfinity: true }),
  auditLog: flag(false),
};

function startPositionProblem(value: unknown): string | undefined {
  if (value === 'resume' || value === 'earliest' || value === 'latest') return undefined;
  if (typeof value === 'object' && value !== null) {
    const { time, position, ...others } = value as { readonly time?: unknown; readonly position?: unknown };
    const isTime = time !== undefined && position === undefined && isInstant(time);
    const isPosition = time === undefined && typeof position === 'string' && position !== '';
    if ((isTime || isPosition) && Object.keys(others).length === 0) return undefined;
  }
  return "must be 'resume', 'earliest', 'latest', { time: a Date or a DateTime with an offset } or { position: text }";
}

function isInstant(time: unknown): boolean {
  if (time instanceof Date) return !Number.isNaN(time.getTime());
  return DateTime.is(time) && !time.isNaive;
}
