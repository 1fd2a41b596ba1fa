import { configureEvents } from '@openedx-ts/events-core';
import {
  type DeadLetterQueue,
  type RedriveReport,
  redriveDeadLetters,
  summarizeDeadLetters,
  type TopicStore,
} from '@openedx-ts/events-core/operate';
import { closing } from '../bus/closing.js';
import { openBus } from '../bus/open-bus.js';
import { redactor } from '../bus/redact.js';
import { stderrLogger } from '../bus/stderr-logger.js';
import type { CliIo } from '../cli-io.js';
import { CommandError } from '../command-error.js';
import { openTopics } from '../operate/open-topics.js';
import { progressLine } from '../produce/progress-line.js';
import { countLetters } from './count-letters.js';
import { printable } from './printable.js';
import { filterOf, type QueueOptions, selectQueue } from './queue-options.js';

/** What `dlq redrive` is told. */
export interface RedriveQueueOptions extends QueueOptions {
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly rate?: number;
}

/**
 * Sends dead letters again: a line on stderr for each, and one at the end, also when it ends early.
 *
 * @throws CommandError when the bus cannot do it, or some cannot be sent again
 * @throws InvalidOptionsError when nothing is selected, or a position or event is not there
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function redriveQueue(options: RedriveQueueOptions, io: CliIo): Promise<void> {
  const { all, dryRun, rate } = options;
  const { abortSignal, stderr, env } = io;
  const logger = stderrLogger({ stderr, redact: redactor(env), level: 'info' });
  using _settings = configureEvents({ logger });
  const { admin, topics } = await openTopics(await openBus(options.bus, io), io);
  await using _admin = closing(admin);
  const queue = await selectQueue(topics, options);
  const progress = dryRun ? undefined : await drawnProgress(topics, queue, options, io);
  let last: RedriveReport = { redriven: 0, unfit: 0, reasons: [], isDryRun: dryRun };
  let hasBegun = false;
  try {
    last = await redriveDeadLetters(topics, queue, {
      ...filterOf(options),
      ...(all ? { all } : {}),
      ...(rate === undefined ? {} : { ratePerSecond: rate }),
      dryRun,
      abortSignal,
      onProgress: (report) => {
        last = report;
        hasBegun = true;
        progress?.update(report);
      },
    });
    hasBegun = true;
  } finally {
    progress?.end();
    for (const { position, reason } of last.reasons)
      stderr.write(`left at ${position}: ${printable(reason)}\n`);
    const end = abortSignal.aborted ? ', interrupted' : '';
    if (hasBegun) stderr.write(`${summary(last, queue)}${end}\n`);
  }
  abortSignal.throwIfAborted();
  if (last.unfit === 0) return;
  throw new CommandError(
    'CLI_UNFIT',
    `${last.unfit} of them cannot be sent again, and were left where they are`,
  );
}

/** On a terminal only: what is left is counted for it. */
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

function summary({ redriven, isDryRun }: RedriveReport, { topic, groupId }: DeadLetterQueue): string {
  return `${countLetters(redriven, groupId, isDryRun)} sent again to ${topic}`;
}
