import type { ConsumerOptions, Issue } from '@openedx-ts/events-core';
import {
  consumerOptionRules,
  count,
  durationMs,
  flag,
  type OptionRule,
  type OptionRules,
  oneOf,
  type ResolvedConsumerOptions,
} from '@openedx-ts/events-core/bus';
import { MAX_BATCH_BYTES } from '../driver/protocol/record-batch.js';
import {
  type KafkaClientOptions,
  kafkaClientRules,
  type ResolvedKafkaClientOptions,
  resolveKafkaOptions,
} from './kafka-options.js';
import {
  type PythonConsumerOptions,
  pythonConsumerRules,
  startFromPython,
  warnOfPythonOptions,
} from './python-consumer-options.js';
import { topicNameIssues } from './topic-name-issues.js';

/** Options of `KafkaEventBusConsumer`. */
export interface KafkaConsumerOptions extends ConsumerOptions, KafkaClientOptions, PythonConsumerOptions {
  /** Without a heartbeat for so long, a member counts as dead and its partitions are assigned to others. @defaultValue 45000 */
  readonly sessionTimeoutMs?: number;
  /** At most a third of `sessionTimeoutMs`. @defaultValue 3000, or a third of `sessionTimeoutMs` if that is less */
  readonly heartbeatIntervalMs?: number;
  /**
   * How long members have to finish events in flight when the group rebalances; more than `drainTimeoutMs`.
   * @defaultValue 60000, or `drainTimeoutMs` and 10000 if that is more
   */
  readonly rebalanceTimeoutMs?: number;
  /** Bytes that are fetched of a partition at once; a first batch that is larger comes nevertheless. @defaultValue 1048576 */
  readonly maxBytesPerPartition?: number;
  /** Most bytes that a compressed batch of events may take once it is unpacked: see `onUndecodableBatch`. @defaultValue 33554432 */
  readonly maxBatchBytes?: number;
  /**
   * What becomes of a batch that is damaged, or larger than `maxBatchBytes` once it is unpacked. `'fail'` handles it as one
   * event that cannot be decoded, after it was fetched three times: `onFailure` applies, and the events behind it are
   * processed. `'hold'` keeps its partition waiting until the batch can be read (the limit was raised) or was deleted, and
   * reports it in health. Other partitions continue. A batch whose codec is missing always waits. @defaultValue 'fail'
   */
  readonly onUndecodableBatch?: 'fail' | 'hold';
  /**
   * Processed events of a partition that are committed together; as many may come again after a crash. More than on
   * other buses, because a commit takes a broker several milliseconds. @defaultValue 500
   */
  readonly ackEvery?: number;
  /** How long the broker may wait for new events. @defaultValue 500 */
  readonly maxWaitMs?: number;
  /**
   * Longest wait between two tries, also while something is unreachable: events go on at most so long after it is
   * reachable again.
   * @defaultValue 4000
   */
  readonly maxBackoffMs?: number | undefined;
  /** How often to look for partitions that were added. @defaultValue 60000 */
  readonly metadataMaxAgeMs?: number;
  /**
   * Whether a partition without a leader makes this consumer unready; `health()` names the partition in either case.
   * @defaultValue true
   */
  readonly unreadyWithoutLeader?: boolean;
}

export type ResolvedKafkaConsumerOptions = ResolvedKafkaClientOptions &
  ResolvedConsumerOptions &
  Required<Omit<KafkaConsumerOptions, keyof KafkaClientOptions>>;

/**
 * Checks and completes the options of a consumer.
 *
 * @throws InvalidOptionsError with every issue
 */
export function resolveKafkaConsumerOptions(
  given: KafkaConsumerOptions,
): Readonly<ResolvedKafkaConsumerOptions> {
  const completed = withDefaults(given);
  const related = [...topicNameIssues(completed), ...timeIssues(completed)];
  const options = resolveKafkaOptions<ResolvedKafkaConsumerOptions>(subject, completed, rules, related);
  warnOfPythonOptions(options);
  return options;
}

const subject = 'Kafka consumer';

/** Issues between the times of a group; those of a wrong type have their own. */
function timeIssues(given: KafkaConsumerOptions): readonly Issue[] {
  const { sessionTimeoutMs = 45_000, heartbeatIntervalMs = 0 } = given;
  const { rebalanceTimeoutMs = Infinity, drainTimeoutMs = 20_000 } = given;
  const issues: Issue[] = [];
  if (heartbeatIntervalMs * 3 > sessionTimeoutMs) {
    const message = `must be at most a third of sessionTimeoutMs (${sessionTimeoutMs})`;
    issues.push({ path: 'heartbeatIntervalMs', message });
  }
  if (rebalanceTimeoutMs <= drainTimeoutMs) {
    const message = `must be more than drainTimeoutMs (${drainTimeoutMs})`;
    issues.push({ path: 'rebalanceTimeoutMs', message });
  }
  return issues;
}

/** What depends on other options. */
function withDefaults(given: KafkaConsumerOptions): KafkaConsumerOptions {
  const { sessionTimeoutMs = 45_000, drainTimeoutMs = 20_000 } = given;
  const startFrom = given.startFrom ?? startFromPython(given);
  return {
    heartbeatIntervalMs: Math.min(3_000, Math.floor(sessionTimeoutMs / 3)),
    rebalanceTimeoutMs: Math.max(60_000, drainTimeoutMs + 10_000),
    ...given,
    ...(startFrom === undefined ? {} : { startFrom }),
  };
}

const rules: OptionRules<ResolvedKafkaConsumerOptions> = {
  ...consumerOptionRules,
  ...kafkaClientRules,
  sessionTimeoutMs: protocolMs(1, 45_000),
  heartbeatIntervalMs: protocolMs(1, 3_000),
  rebalanceTimeoutMs: protocolMs(1, 60_000),
  maxBytesPerPartition: count(1, 1024 * 1024),
  maxBufferedBytes: protocolMs(1, 32 * 1024 * 1024),
  maxBatchBytes: protocolMs(1, MAX_BATCH_BYTES),
  onUndecodableBatch: oneOf(['fail', 'hold'], 'fail'),
  ackEvery: count(1, 500),
  maxBackoffMs: durationMs(4_000),
  maxWaitMs: protocolMs(0, 500),
  metadataMaxAgeMs: count(1, 60_000, { allowInfinity: true }),
  unreadyWithoutLeader: flag(true),
  ...pythonConsumerRules,
};

/** What travels in four bytes. */
function protocolMs(least: number, defaultValue: number): OptionRule<number> {
  return {
    defaultValue,
    problem: (value) =>
      Number.isSafeInteger(value) && (value as number) >= least && (value as number) < 2 ** 31
        ? undefined
        : `must be a whole number from ${least} to ${2 ** 31 - 1}`,
  };
}
