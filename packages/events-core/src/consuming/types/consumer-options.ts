import { reasonOf } from '../../errors/events-error.js';
import {
  anything,
  count,
  durationMs,
  flag,
  type OptionRule,
  type OptionRules,
  oneOf,
  requiredText,
  resolveOptions,
} from '../../runtime/resolve-options.js';
import { DateTime } from '../../shapes/date-time.js';
import {
  partialPolicyRules,
  type ReceiverPolicy,
  type ResolvedReceiverPolicy,
  receiverPolicyRules,
} from '../../signals/receiver-policy.js';
import type { EventCodec } from '../../wire/codec.js';
import type { StartPosition } from './consumer.js';
import { FIRST_EXCLUSIVE_DELIVERY } from './first-exclusive-delivery.js';

/** The longest that other lanes may wait for an event that is processed exclusively. */
export const MAX_EXCLUSIVE_TIMEOUT_MS = 300_000;

/** The options that the consumers of all buses share. */
export interface ConsumerOptions extends ReceiverPolicy {
  /** Without prefix; events of any type on them are handled. */
  readonly topics: readonly string[];
  /** Members of one group share the events; every group gets all. */
  readonly groupId: string;
  /** Put in front of every topic, with a `-`. @defaultValue none */
  readonly topicPrefix?: string | undefined;
  /** How bytes become data. @defaultValue the bus's own, which is Avro */
  readonly codec?: EventCodec | undefined;
  /** Where a new group starts. @defaultValue 'resume' */
  readonly startFrom?: StartPosition;
  /** What becomes of an event whose type is not loaded here. @defaultValue 'skip' */
  readonly unknownType?: 'skip' | 'dead-letter' | 'stop';
  /**
   * Policies by event type, for receivers that have none of their own. A type that is not loaded is warned of at the
   * start. @defaultValue none
   */
  readonly policies?: Readonly<Record<string, ReceiverPolicy>>;
  /**
   * Events of one partition or stream that are handled at once; those with the same key always one after another. 1 for
   * the order of the partition or stream. @defaultValue 1
   */
  readonly concurrency?: number;
  /**
   * Deliveries after which an event that crashes the process each time is dead-lettered. From the third delivery on an
   * event is processed exclusively, so that no other is blamed: 3 is the least. @defaultValue 10
   */
  readonly maxDeliveries?: number;
  /**
   * How long the other events of this consumer wait for one that is processed exclusively, waiting for its start included,
   * in milliseconds and at most 300000. After that it is processed concurrently, and its delivery is not counted.
   * @defaultValue `receiverTimeoutMs`, at most 300000
   */
  readonly exclusiveTimeoutMs?: number | undefined;
  /**
   * After how long without progress, while events wait, the consumer is not ready: in milliseconds, and more than
   * `receiverTimeoutMs` and `exclusiveTimeoutMs`; `Infinity` for no watch. `health()` reports in which lane and step. Receivers
   * within their time, back offs, waiting for something unreachable and standing by are no stall.
   * @defaultValue a minute more than both; 360000 when receivers have no time limit
   */
  readonly stallTimeoutMs?: number | undefined;
  /**
   * Handled events of a lane that are acknowledged together, at most; so many may come again after a crash, and
   * those that wait for an older one (`maxUnacknowledgedEvents`). @defaultValue 100
   */
  readonly ackEvery?: number;
  /** Received events that may wait to be handled, or to be tried again. @defaultValue 400 */
  readonly maxBufferedEvents?: number;
  /**
   * Bytes of received events that may wait or be in processing: keys, values and headers, with 64 more for each header.
   * At this size nothing more is asked for; an event that is larger is processed all the same. What was read last may
   * exceed it.
   * @defaultValue 33554432
   */
  readonly maxBufferedBytes?: number;
  /**
   * With a `concurrency` above 1: handled events that may wait for an older one to be decided, before nothing more is
   * asked for. So many may come again after a crash. @defaultValue 20000
   */
  readonly maxUnacknowledgedEvents?: number;
  /**
   * How long events in flight may take after `stop()`, or when their lane is reassigned, in ms. An event that takes longer
   * is logged and delivered again. Below the 30 s that Kubernetes gives a pod to end. @defaultValue 20000
   */
  readonly drainTimeoutMs?: number;
  /**
   * `false`: `run()` leaves the broker alone, reports that in log and health, and waits to be stopped. A kill switch: the
   * group stays where it is. @defaultValue true
   */
  readonly enabled?: boolean;
  /**
   * Events in a row that may be dead-lettered or dropped; with the last of them the consumer fails, because then this
   * service is at fault rather than its events. A handled event starts the count again. Waiting for something
   * unreachable does not count. @defaultValue Infinity
   */
  readonly maxConsecutiveFailures?: number;
  /** One info line for each handled event: ids and position, no payload. @defaultValue false */
  readonly auditLog?: boolean;
}

/** Consumer options after checks and defaults. */
export type ResolvedConsumerOptions = Required<Omit<ConsumerOptions, keyof ReceiverPolicy>> &
  ResolvedReceiverPolicy;

/** The rules of `ConsumerOptions`, for buses to add their own to. */
export const consumerOptionRules: OptionRules<ResolvedConsumerOptions> = {
  ...receiverPolicyRules,
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
  unknownType: oneOf(['skip', 'dead-letter', 'stop'], 'skip'),
  policies: { defaultValue: {}, problem: policiesProblem },
  concurrency: count(1, 1),
  maxDeliveries: maxDeliveriesRule(),
  exclusiveTimeoutMs: { defaultValue: undefined, problem: exclusiveTimeoutProblem },
  stallTimeoutMs: { ...durationMs(0, { moreThanZero: true }), defaultValue: undefined },
  ackEvery: count(1, 100),
  maxBufferedEvents: count(1, 400),
  maxBufferedBytes: count(1, 32 * 1024 * 1024),
  maxUnacknowledgedEvents: count(1, 20_000),
  drainTimeoutMs: durationMs(20_000),
  enabled: flag(true),
  maxConsecutiveFailures: count(1, Infinity, { allowInfinity: true }),
  auditLog: flag(false),
};

/** After the first two deliveries nobody knows which of the events in flight crashed the process. */
function maxDeliveriesRule(): OptionRule<number> {
  const { problem } = count(FIRST_EXCLUSIVE_DELIVERY, 10, { allowInfinity: true });
  const why =
    'an event is processed exclusively, and can be found to crash the process, from its third delivery on';
  return {
    defaultValue: 10,
    problem: (value) => (problem(value) === undefined ? undefined : `${problem(value)}: ${why}`),
  };
}

function exclusiveTimeoutProblem(value: unknown): string | undefined {
  if (typeof value === 'number' && value > 0 && value <= MAX_EXCLUSIVE_TIMEOUT_MS) return undefined;
  return `must be a number of milliseconds, more than 0 and at most ${MAX_EXCLUSIVE_TIMEOUT_MS}`;
}

function startPositionProblem(value: unknown): string | undefined {
  if (value === 'resume' || value === 'earliest') return undefined;
  if (typeof value === 'object' && value !== null) {
    const { time, position, ...others } = value as { readonly time?: unknown; readonly position?: unknown };
    const isTime = time !== undefined && position === undefined && isInstant(time);
    const isPosition = time === undefined && typeof position === 'string' && position !== '';
    if ((isTime || isPosition) && Object.keys(others).length === 0) return undefined;
  }
  return "must be 'resume', 'earliest', { time: a Date or a DateTime with an offset } or { position: text }";
}

function policiesProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'must be an object of policies by event type';
  }
  for (const [eventType, policy] of Object.entries(value)) {
    try {
      resolveOptions(eventType, policy as object, partialPolicyRules);
    } catch (error) {
      return reasonOf(error);
    }
  }
  return undefined;
}

function isInstant(time: unknown): boolean {
  if (time instanceof Date) return !Number.isNaN(time.getTime());
  return DateTime.is(time) && !time.isNaive;
}
