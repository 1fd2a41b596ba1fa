import { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { TopicStore } from '../operate/topic-store.js';
import { runtime } from '../runtime/runtime.js';
import { fromDeadLetter } from '../wire/dead-letter.js';
import type { Message } from '../wire/message.js';
import { REDRIVES_HEADER } from '../wire/redrives-header.js';
import { type DeadLetter, VALUE_IS_GONE } from './dead-letter-entry.js';
import { checkSelection, type DeadLetterSelection } from './dead-letter-filter.js';
import type { DeadLetterQueue } from './dead-letter-queue.js';
import { readDeadLetters } from './read-dead-letters.js';
import { Removal } from './removal.js';
import { wholeDeadLetter } from './whole-dead-letter.js';

/** Which dead letters are sent again, and how. */
export interface RedriveOptions extends DeadLetterSelection {
  /** Reports what would be sent, and sends nothing. @defaultValue false */
  readonly dryRun?: boolean;
  /** Events a second, at most. @defaultValue Infinity */
  readonly ratePerSecond?: number;
  /** Ends it early; what was sent until then counts. @defaultValue none */
  readonly abortSignal?: AbortSignal;
  /** Called after each selected dead letter. @defaultValue none */
  readonly onProgress?: (report: RedriveReport) => void;
}

/** The outcome of a redrive. */
export interface RedriveReport {
  /** Sent again; in a dry run, would be. */
  readonly redriven: number;
  /** Left where they are, because they cannot be sent again. */
  readonly unfit: number;
  /** Where the first hundred of those lie, and why they cannot. */
  readonly reasons: readonly { readonly position: string; readonly reason: string }[];
  readonly isDryRun: boolean;
}

/**
 * Sends dead letters to the topic they came from: with the same key, value and headers, without the `dlq-…` facts and
 * with a count of redrives (`dlq-redrives`). Every group of that topic receives them, also a group that has processed
 * them before. They are sent one after another in their order, so that the order of each key is kept.
 *
 * A dead letter is removed after the broker has accepted its event: an interruption loses nothing, and the next run sends
 * at most a hundred events, or those of the last second, twice. Events that are dead-lettered during the run are left
 * for the next one. Each event is one log entry, without payload.
 *
 * @throws InvalidOptionsError when nothing is selected, the rate is no number above 0, or a position or event is not there
 * @throws ProduceFailedError, InfrastructureError when the bus does not accept an event: nothing after it was sent
 */
export async function redriveDeadLetters(
  store: TopicStore,
  queue: DeadLetterQueue,
  { dryRun = false, ratePerSecond = Infinity, abortSignal, onProgress, ...selection }: RedriveOptions,
): Promise<RedriveReport> {
  checkSelection('redrive', selection);
  if (!(ratePerSecond > 0))
    throw new InvalidOptionsError('redrive', [
      { path: 'ratePerSecond', message: 'must be a number above 0' },
    ]);
  const { all: _all, ...filter } = selection;
  const { clock } = runtime();
  const removal = new Removal(store, queue, 'redriven');
  const reasons: { readonly position: string; readonly reason: string }[] = [];
  let [redriven, unfit, nextAt] = [0, 0, -Infinity];
  const report = (): RedriveReport => ({ redriven, unfit, reasons, isDryRun: dryRun });
  let hasFailed = true;
  try {
    for await (const letter of readDeadLetters(store, queue, filter)) {
      if (abortSignal?.aborted) break;
      const whole = letter.unfit === undefined ? await wholeDeadLetter(store, letter) : undefined;
      if (whole === undefined) {
        unfit += 1;
        const reason = letter.unfit ?? VALUE_IS_GONE;
        if (reasons.length < 100) reasons.push({ position: letter.position, reason });
      } else if (dryRun) {
        redriven += 1;
      } else {
        const waitMs = nextAt - clock.monotonic();
        if (waitMs > LONG_MS) await removal.flush(); // so that an interruption during the wait sends nothing twice
        if (waitMs > 0) await clock.sleep(waitMs, abortSignal);
        if (abortSignal?.aborted) break;
        nextAt = Math.max(nextAt, clock.monotonic()) + 1_000 / ratePerSecond;
        const position = await store.write(againOf(whole, letter, queue));
        redriven += 1;
        audit(letter, queue, position);
        await removal.add(letter.position);
      }
      onProgress?.(report());
    }
    hasFailed = false;
  } finally {
    await removal.end({ hasFailed });
    if (!dryRun) summarize(queue, redriven, unfit);
  }
  return report();
}

const LONG_MS = 250;

function againOf(whole: Message, { redrives }: DeadLetter, { fullTopic }: DeadLetterQueue): Message {
  const again = fromDeadLetter(whole, fullTopic);
  const headers = again.headers.filter(([name]) => name !== REDRIVES_HEADER);
  return { ...again, headers: [...headers, [REDRIVES_HEADER, Buffer.from(String(redrives + 1))]] };
}

function audit(letter: DeadLetter, { deadLetterTopic, fullTopic, groupId }: DeadLetterQueue, sentTo: string) {
  const { eventType, eventId, position, redrives } = letter;
  const from = `${deadLetterTopic}@${position}`;
  const facts = { eventType, eventId, groupId, from, to: `${fullTopic}@${sentTo}`, redrives: redrives + 1 };
  runtime().logger.info({ ...facts, code: letter.facts?.code }, 'a dead letter was sent again');
}

function summarize(
  { deadLetterTopic, fullTopic, groupId }: DeadLetterQueue,
  redriven: number,
  unfit: number,
) {
  runtime().logger.info(
    { deadLetterTopic, topic: fullTopic, groupId, redriven, unfit },
    'dead letters were sent again',
  );
}
