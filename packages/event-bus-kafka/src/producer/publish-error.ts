import { EventsError, InfrastructureError } from '@openedx-ts/events-core';
import { OutcomeUnknownError } from '@openedx-ts/events-core/bus';
import { isConnectError, kafkaError, kafkaErrorType } from '../driver/kafka-error.js';
import { leaderlessPartitionsOf } from '../driver/leaderless-partitions.js';

/** Where and for how long messages are published. */
export interface PublishAttempt {
  readonly fullTopic: string;
  /** In milliseconds; undefined when messages are retried without a limit. */
  readonly deliveryTimeoutMs: number | undefined;
  /** Whether a request was made that the broker may have executed. */
  readonly wasSent: boolean;
  /** Whether it had messages of several partitions: kafkajs reports the error of one, and others may have stored theirs. */
  readonly isShared: boolean;
}

/** Makes the error of messages that could not be published. */
export function publishError(thrown: unknown, attempt: PublishAttempt): Error {
  const error = errorOf(thrown, attempt);
  if (!attempt.wasSent || !(error instanceof InfrastructureError) || wasNotExecuted(thrown, attempt))
    return error;
  return new OutcomeUnknownError(error.message, { cause: thrown });
}

function errorOf(thrown: unknown, { fullTopic, deliveryTimeoutMs }: PublishAttempt): Error {
  if (EventsError.is(thrown)) return thrown;
  if (kafkaErrorType(thrown) === 'LEADER_NOT_AVAILABLE') {
    const until =
      deliveryTimeoutMs === undefined || !Number.isFinite(deliveryTimeoutMs)
        ? ''
        : ` until deliveryTimeoutMs (${deliveryTimeoutMs.toLocaleString('en-US')} ms)`;
    return new InfrastructureError(
      `Topic ${fullTopic}: ${leaderlessText(thrown, fullTopic)} no leader (LEADER_NOT_AVAILABLE). Producing to it is retried${until}; start the brokers that hold it`,
      { cause: thrown },
    );
  }
  return kafkaError(thrown, `events for topic ${fullTopic} cannot be published`, fullTopic);
}

/** Which partitions have no leader. kafkajs asks for all its topics at once, so they may be those of another topic. */
function leaderlessText(thrown: unknown, fullTopic: string): string {
  const leaderless = leaderlessPartitionsOf(thrown);
  const topic = leaderless.some((one) => one.topic === fullTopic) ? fullTopic : leaderless[0]?.topic;
  const numbers = leaderless.filter((one) => one.topic === topic).map(({ partition }) => partition);
  if (topic === undefined) return 'a partition has';
  const more = numbers.length > MAX_NAMED ? ` and ${numbers.length - MAX_NAMED} more` : '';
  const [noun, verb] = numbers.length === 1 ? ['partition', 'has'] : ['partitions', 'have'];
  const of = topic === fullTopic ? '' : ` of topic ${topic}`;
  return `${noun} ${numbers.slice(0, MAX_NAMED).join(', ')}${more}${of} ${verb}`;
}

const MAX_NAMED = 10;

/** The broker refused the request, or it was never reached. */
function wasNotExecuted(thrown: unknown, { isShared }: PublishAttempt): boolean {
  const type = kafkaErrorType(thrown);
  if (type === undefined) return isConnectError(thrown);
  return isShared ? ofWholeTopic.has(type) : !appended.has(type);
}

/** Errors of the broker for records that its leader may have appended. */
const appended: ReadonlySet<string> = new Set(['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND']);

/** Errors that concern every partition of a topic. */
const ofWholeTopic: ReadonlySet<string> = new Set(['LEADER_NOT_AVAILABLE', 'UNKNOWN_TOPIC_OR_PARTITION']);
