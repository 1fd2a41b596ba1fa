import {
  type DeadLetterQueue,
  type RedriveReport,
  redriveDeadLetters,
  summarizeDeadLetters,
  type TopicStore,
} from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { openTopics } from '../bus/open-topics.js';
import type { CliIo } from '../terminal/cli-io.js';
import { CommandError } from '../terminal/command-error.js';
import { mustSelect } from '../terminal/must-select.js';
import { progressLine } from '../terminal/progress-line.js';
import { writeNote } from '../terminal/write-note.js';
import { deadLetterCount } from './dead-letter-count.js';
import { conditionsOf, filterOf, noteOtherGroups, type QueueOptions, selectQueue } from './queue-options.js';

/** Options of `dlq redrive`. */
export interface RedriveQueueOptions extends QueueOptions {
  readonly all: boolean;
  /** Whether every group of the topic receives them. */
  readonly allGroups: boolean;
  readonly dryRun: boolean;
  readonly rate?: number;
}

/**
 * Sends dead letters to their group again, or to every group of their topic. Writes a line to stderr for each, and their
 * number at the end, even if the command fails or is interrupted.
 *
 * @throws CommandError when the bus gives no access to its topics, or some dead letters cannot be sent again
 * @throws IllegalStateError when no active member of the group reads its retry topic
 * @throws InvalidOptionsError when no dead letter is selected, or a position or event does not exist
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function redriveQueue(options: RedriveQueueOptions, io: CliIo): Promise<void> {
  const { all, allGroups, dryRun, rate } = options;
  const { abortSignal, stderr } = io;
  mustSelect('dlq redrive', all, conditionsOf(options));
  using bus = await openBus(options.bus, io, { level: 'info' });
  const { admin, topics } = await openTopics(bus, io);
  await using _admin = closing(admin);
  const queue = await selectQueue(topics, options);
  const progress = dryRun ? undefined : await drawnProgress(topics, queue, options, io);
  let last: RedriveReport = { redriven: 0, unfit: 0, reasons: [], isDryRun: dryRun };
  let hasReport = false;
  try {
    last = await redriveDeadLetters(topics, queue, {
      ...filterOf(options),
      ...(all ? { all } : {}),
      ...(rate === undefined ? {} : { ratePerSecond: rate }),
      allGroups,
      dryRun,
      abortSignal,
      onProgress: (report) => {
        last = report;
        hasReport = true;
        progress?.update(report);
      },
      onWait: (retryTopic) =>
        writeNote(stderr, `waiting up to 30 s for a member of group ${queue.groupId} to read ${retryTopic}`),
    });
    hasReport = true;
  } finally {
    progress?.end();
    for (const { position, reason } of last.reasons)
      writeNote(stderr, `not sent again, stays at ${position}: ${reason}`);
    const end = abortSignal.aborted ? ', interrupted' : '';
    if (hasReport) writeNote(stderr, `${summary(last, queue, allGroups)}${end}`);
  }
  abortSignal.throwIfAborted();
  if (last.redriven + last.unfit === 0) await noteOtherGroups(topics, options, stderr);
  if (last.unfit === 0) return;
  throw new CommandError(
    'CLI_UNFIT',
    `${last.unfit} of the dead letters cannot be sent again and stay in the queue; the lines above give the reasons`,
  );
}

/** Only on a terminal, because the progress needs the number of dead letters first. */
async function drawnProgress(
  topics: TopicStore,
  queue: DeadLetterQueue,
  options: RedriveQueueOptions,
  { stderr }: CliIo,
) {
  if ((stderr as { readonly isTTY?: boolean }).isTTY !== true) return undefined;
  const { count } = await summarizeDeadLetters(topics, queue, filterOf(options));
  const line = await progressLine(stderr, queue.topic);
  return {
    update: ({ redriven, unfit }: RedriveReport) => line.update(redriven, (redriven + unfit) / count),
    end: () => line.end(),
  };
}

function summary(
  { redriven, isDryRun }: RedriveReport,
  { topic, groupId }: DeadLetterQueue,
  allGroups: boolean,
): string {
  const target = allGroups ? topic : `group ${groupId} alone`;
  return `${deadLetterCount(redriven, groupId, isDryRun)} sent again to ${target}`;
}
