import type { TopicStore } from '../operate/topic-store.js';
import { runtime } from '../runtime/runtime.js';
import { checkSelection, type DeadLetterSelection } from './dead-letter-filter.js';
import type { DeadLetterQueue } from './dead-letter-queue.js';
import { readDeadLetters } from './read-dead-letters.js';
import { Removal } from './removal.js';

/** Selects the dead letters to remove. */
export interface PurgeOptions extends DeadLetterSelection {
  /** Counts them, and removes nothing. @defaultValue false */
  readonly dryRun?: boolean;
  /** Ends it early; what was removed until then is gone. @defaultValue none */
  readonly abortSignal?: AbortSignal;
}

/** What was removed. */
export interface PurgeReport {
  /** Removed; in a dry run, would be. */
  readonly purged: number;
  readonly isDryRun: boolean;
}

/**
 * Removes dead letters for good: their events are lost. Events that are dead-lettered during the run are kept. Kafka cannot delete
 * single records: there, those behind which older ones remain are no longer shown or sent again, and are deleted with
 * the older ones, or by the topic's retention.
 *
 * @throws InvalidOptionsError when nothing is selected, or a position or event is not there
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function purgeDeadLetters(
  store: TopicStore,
  queue: DeadLetterQueue,
  { dryRun = false, abortSignal, ...selection }: PurgeOptions,
): Promise<PurgeReport> {
  checkSelection('purge', selection);
  const { all: _all, ...filter } = selection;
  const removal = new Removal(store, queue, 'purged');
  const { logger } = runtime();
  const { deadLetterTopic } = queue;
  let purged = 0;
  let hasFailed = true;
  try {
    for await (const { position, eventType, eventId, facts } of readDeadLetters(store, queue, filter)) {
      if (abortSignal?.aborted) break;
      purged += 1;
      if (dryRun) continue;
      await removal.add(position);
      const code = facts?.code;
      logger.info(
        { eventType, eventId, code, from: `${deadLetterTopic}@${position}` },
        'a dead letter was removed',
      );
    }
    hasFailed = false;
  } finally {
    await removal.end({ hasFailed });
  }
  return { purged, isDryRun: dryRun };
}
