import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { hasErrorCode } from '../errors/has-error-code.js';
import type { TopicStore } from '../operate/topic-store.js';
import type { FieldCondition } from '../personal-data/field-condition.js';
import { runtime } from '../runtime/runtime.js';
import type { EventCodec } from '../wire/codec.js';
import type { DeadLetter } from './dead-letter-entry.js';
import { checkSelection, type DeadLetterSelection } from './dead-letter-filter.js';
import type { DeadLetterQueue } from './dead-letter-queue.js';
import { DeadLetterRemoval } from './dead-letter-removal.js';
import { decodeDeadLetter } from './decode-dead-letter.js';
import { readDeadLetters } from './read-dead-letters.js';

/** Selects the dead letters to remove. */
export interface PurgeOptions extends DeadLetterSelection {
  /**
   * Only those whose event has a value at a field, such as all of one person. Each is decoded: signals must be loaded, and
   * `codec` given. @defaultValue any
   */
  readonly field?: FieldCondition | undefined;
  /** Decodes events for `field`. @defaultValue none */
  readonly codec?: EventCodec | undefined;
  /** Counts them, and removes nothing. @defaultValue false */
  readonly dryRun?: boolean;
  /** Ends it early; what was removed until then is gone. @defaultValue none */
  readonly abortSignal?: AbortSignal;
}

/** What was removed. */
export interface PurgeReport {
  /** Removed; in a dry run, would be. */
  readonly purged: number;
  /** Kept, because `field` could not be looked at: their events cannot be decoded. */
  readonly unreadable: number;
  readonly isDryRun: boolean;
}

/**
 * Removes dead letters for good: their events are lost. Events that are dead-lettered during the run are kept. Kafka
 * cannot delete single records: there, those behind which older ones remain are no longer shown or sent again, and are
 * deleted with the older ones, or by the topic's retention.
 *
 * @throws InvalidOptionsError when nothing is selected, a position or event is not there, or `codec` is missing
 * @throws InfrastructureError when the broker or the schema registry cannot be reached
 */
export async function purgeDeadLetters(
  store: TopicStore,
  queue: DeadLetterQueue,
  { dryRun = false, abortSignal, field, codec, ...selection }: PurgeOptions,
): Promise<PurgeReport> {
  checkSelection('purge', selection, field !== undefined);
  const fieldOf = field === undefined ? undefined : fieldLookUp(store, field, codec);
  const { all: _all, ...filter } = selection;
  const removal = new DeadLetterRemoval(store, queue, 'purged');
  const { logger } = runtime();
  const { deadLetterTopic } = queue;
  let [purged, unreadable] = [0, 0];
  let hasFailed = true;
  try {
    for await (const deadLetter of readDeadLetters(store, queue, filter)) {
      if (abortSignal?.aborted) break;
      const { position, eventType, eventId, facts } = deadLetter;
      const has = await fieldOf?.(deadLetter);
      if (has === 'unreadable') unreadable += 1;
      if (has === 'unreadable' || has === false) continue;
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
  return { purged, unreadable, isDryRun: dryRun };
}

function fieldLookUp(store: TopicStore, field: FieldCondition, codec: EventCodec | undefined) {
  if (codec === undefined)
    throw new InvalidOptionsError('purge', [{ path: 'codec', message: 'is needed to look at a field' }]);
  return async (deadLetter: DeadLetter): Promise<boolean | 'unreadable'> => {
    try {
      const { signal, data } = await decodeDeadLetter(store, deadLetter, codec);
      return field.matches(signal.shape, data);
    } catch (error) {
      if (hasErrorCode(error, 'EVENTS_INFRASTRUCTURE')) throw error;
      return 'unreadable';
    }
  };
}
