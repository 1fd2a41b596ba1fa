import type { Writable } from 'node:stream';
import {
  type DeadLetterFilter,
  type DeadLetterQueue,
  deadLetterQueue,
  findDeadLetterQueues,
  readDeadLetters,
  type TopicStore,
} from '@openedx-ts/events-core/operate';
import { CommandError } from '../terminal/command-error.js';
import { writeNote } from '../terminal/write-note.js';

/** The queue and the dead letters that a command works on. */
export interface QueueOptions {
  readonly bus?: string;
  readonly topic: string;
  readonly group?: string;
  readonly position?: string;
  readonly id?: string;
  readonly code?: string;
  readonly type?: string;
  /** Only those whose headers give no code. */
  readonly uncoded?: boolean;
  /** Only those whose headers give no type. */
  readonly untyped?: boolean;
  readonly since?: Date;
  readonly until?: Date;
}

/**
 * Selects the queue of a topic and group; without a group, the only queue of the topic that has dead letters.
 *
 * @throws CommandError when several groups have dead letters, or no queue exists
 * @throws InvalidOptionsError when the topic is itself a dead-letter topic
 */
export async function selectQueue(
  topics: TopicStore,
  { topic, group }: QueueOptions,
): Promise<DeadLetterQueue> {
  if (group !== undefined) return deadLetterQueue(topics, { topic, groupId: group });
  const found = await findDeadLetterQueues(topics, topic);
  const filled = await withDeadLetters(topics, found);
  const queues = filled.length === 0 ? found : filled;
  const [only, ...others] = queues;
  if (only === undefined) throw usage(`no group has dead letters of topic ${topic}`);
  if (others.length === 0) return only;
  const groups = queues.map(({ groupId }) => groupId).join(', ');
  throw usage(`several groups have dead letters of topic ${topic}: name one with --group (${groups})`);
}

/** Leaves out empty queues: a dead-letter topic stays on the broker after its last dead letter is removed. */
async function withDeadLetters(
  topics: TopicStore,
  queues: readonly DeadLetterQueue[],
): Promise<readonly DeadLetterQueue[]> {
  const filled: DeadLetterQueue[] = [];
  for (const queue of queues)
    for await (const _deadLetter of readDeadLetters(topics, queue)) {
      filled.push(queue);
      break;
    }
  return filled;
}

/**
 * Notes which groups have dead letters of a topic when the one that was named has none: its name may be misspelt. Notes
 * nothing when it has some, which the other conditions do not select.
 */
export async function noteOtherGroups(
  topics: TopicStore,
  { topic, group }: QueueOptions,
  stderr: Writable,
): Promise<void> {
  if (group === undefined) return;
  const filled = await withDeadLetters(topics, await findDeadLetterQueues(topics, topic));
  const groups = filled.map(({ groupId }) => groupId);
  if (groups.includes(group)) return;
  writeNote(
    stderr,
    groups.length === 0
      ? `no group has dead letters of topic ${topic}`
      : `group ${group} has no dead letters of topic ${topic}; these have: ${groups.join(', ')}`,
  );
}

/** The options that select dead letters, by their names on the command line. */
export function conditionsOf(options: QueueOptions): Readonly<Record<string, unknown>> {
  const { position, id, code, uncoded, type, untyped, since, until } = options;
  return {
    '--position': position,
    '--id': id,
    '--code': code,
    '--uncoded': uncoded,
    '--type': type,
    '--untyped': untyped,
    '--since': since,
    '--until': until,
  };
}

/** Builds the filter of the dead letters from the options. */
export function filterOf(options: QueueOptions): DeadLetterFilter {
  const { position, id, since, until } = options;
  const code = options.uncoded === true ? null : options.code;
  const eventType = options.untyped === true ? null : options.type;
  return { position, eventId: id, code, eventType, since, until };
}

function usage(message: string): CommandError {
  return new CommandError('CLI_USAGE', message);
}
