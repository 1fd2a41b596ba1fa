import {
  type DeadLetterFilter,
  type DeadLetterQueue,
  deadLetterQueue,
  findDeadLetterQueues,
  readDeadLetters,
  type TopicStore,
} from '@openedx-ts/events-core/operate';
import { CommandError } from '../command-error.js';

/** Which dead letters a command is about. */
export interface QueueOptions {
  readonly bus?: string;
  readonly topic: string;
  readonly group?: string;
  readonly position?: string;
  readonly id?: string;
  readonly code?: string;
  readonly type?: string;
  readonly since?: Date;
  readonly until?: Date;
}

/**
 * The queue that is meant; without a group, the only one that there is.
 *
 * @throws CommandError when there are several, or none
 * @throws InvalidOptionsError when the topic is itself one of dead letters
 */
export async function selectQueue(
  topics: TopicStore,
  { topic, group }: QueueOptions,
): Promise<DeadLetterQueue> {
  if (group !== undefined) return deadLetterQueue(topics, { topic, groupId: group });
  const found = await findDeadLetterQueues(topics, topic);
  const filled = await withLetters(topics, found);
  const queues = filled.length === 0 ? found : filled;
  const [only, ...others] = queues;
  if (only === undefined) throw usage(`no group has dead letters of topic ${topic}`);
  if (others.length === 0) return only;
  const groups = queues.map(({ groupId }) => groupId).join(', ');
  throw usage(`several groups have dead letters of topic ${topic}: name one with --group (${groups})`);
}

/** Without those that are empty: their topics stay where nothing is on them any more. */
async function withLetters(
  topics: TopicStore,
  queues: readonly DeadLetterQueue[],
): Promise<readonly DeadLetterQueue[]> {
  const filled: DeadLetterQueue[] = [];
  for (const queue of queues)
    for await (const _letter of readDeadLetters(topics, queue)) {
      filled.push(queue);
      break;
    }
  return filled;
}

/** The conditions that were given. */
export function filterOf({ position, id, code, type, since, until }: QueueOptions): DeadLetterFilter {
  return { position, eventId: id, code, eventType: type, since, until };
}

function usage(message: string): CommandError {
  return new CommandError('CLI_USAGE', message);
}
