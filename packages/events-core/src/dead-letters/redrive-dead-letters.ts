import { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { TopicStore } from '../operate/topic-store.js';
import { runtime } from '../runtime/runtime.js';
import { fromDeadLetter } from '../wire/dead-letter.js';
import type { Message } from '../wire/message.js';
import { REDRIVES_HEADER } from '../wire/redrives-header.js';
import { RETRY_FACTS } from '../wire/retry-topic.js';
import { type DeadLetter, VALUE_IS_GONE } from './dead-letter-entry.js';
import { checkSelection, type DeadLetterSelection } from './dead-letter-filter.js';
import type { DeadLetterQueue } from './dead-letter-queue.js';
import { DeadLetterRemoval } from './dead-letter-removal.js';
import { openRetryTopic } from './open-retry-topic.js';
import { readDeadLetters } from './read-dead-letters.js';
import { wholeDeadLetter } from './whole-dead-letter.js';

/** Which dead letters are sent again, and how. */
export interface RedriveOptions extends DeadLetterSelection {
  /**
   * Sends them to the topic they came from, where every group receives them, and not to the retry topic of the group that
   * failed. @defaultValue false
   */
  readonly allGroups?: boolean;
  /** Reports what would be sent, and sends nothing. @defaultValue false */
  readonly dryRun?: boolean;
  /** Events a second, at most. @defaultValue Infinity */
  readonly ratePerSecond?: number;
  /** Ends it early; what was sent until then counts. @defaultValue none */
  readonly abortSignal?: AbortSignal;
  /** Called after each selected dead letter. @defaultValue none */
  readonly onProgress?: (report: RedriveReport) => void;
  /**
   * Called once, with the retry topic, when no member reads it yet: the redrive waits for one for at most 30 seconds, as
   * long as the group has active members. @defaultValue none
   */
  readonly onWait?: (retryTopic: string) => void;
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
 * Sends dead letters to the group that failed, and no other, on its retry topic `<full topic>.<group>.retry`: with the same
 * key, value and headers, with a count of redrives (`dlq-redrives`) and, of the `dlq-…` facts, their source and group. The
 * consumers of the group process them as if they came from their source. They are sent one after another in their order, so
 * that the order of each key is kept among them. The first redrive creates the retry topic and waits until a member reads it.
 *
 * With `allGroups` they are sent to the topic they came from, without any of the facts: every group of it receives them, also
 * one that has processed them before, and one whose members are Python's.
 *
 * A dead letter is removed after the broker has accepted its event: an interruption loses nothing, and the next run sends
 * at most a hundred events, or those of the last second, twice. Events that are dead-lettered during the run are left
 * for the next one. Each event is one log entry, without payload.
 *
 * @throws IllegalStateError when no active member of the group reads its retry topic: start or update one, or set `allGroups`
 * @throws InvalidOptionsError when nothing is selected, the rate is no number above 0, or a position or event is not there
 * @throws ProduceFailedError, InfrastructureError when the bus does not accept an event: nothing after it was sent
 */
export async function redriveDeadLetters(
  store: TopicStore,
  queue: DeadLetterQueue,
  options: RedriveOptions,
): Promise<RedriveReport> {
  const { allGroups = false, dryRun = false, ratePerSecond = Infinity, ...others } = options;
  const { abortSignal, onProgress, onWait, ...selection } = others;
  checkSelection('redrive', selection);
  if (!(ratePerSecond > 0))
    throw new InvalidOptionsError('redrive', [
      { path: 'ratePerSecond', message: 'must be a number above 0' },
    ]);
  const { all: _all, ...filter } = selection;
  const { clock } = runtime();
  const removal = new DeadLetterRemoval(store, queue, 'redriven');
  const reasons: { readonly position: string; readonly reason: string }[] = [];
  let [redriven, unfit, nextAt] = [0, 0, -Infinity];
  const report = (): RedriveReport => ({ redriven, unfit, reasons, isDryRun: dryRun });
  let hasFailed = true;
  let target = allGroups ? queue.fullTopic : undefined;
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
        target ??= await openRetryTopic(store, queue, { abortSignal, onWait });
        const waitMs = nextAt - clock.monotonic();
        if (waitMs > LONG_MS) await removal.flush(); // so that an interruption during the wait sends nothing twice
        if (waitMs > 0) await clock.sleep(waitMs, abortSignal);
        if (abortSignal?.aborted) break;
        nextAt = Math.max(nextAt, clock.monotonic()) + 1_000 / ratePerSecond;
        const position = await store.write(againOf(whole, letter, target, queue));
        redriven += 1;
        audit(letter, queue, `${target}@${position}`);
        await removal.add(letter.position);
      }
      onProgress?.(report());
    }
    hasFailed = false;
  } finally {
    await removal.end({ hasFailed });
    if (!dryRun && (target !== undefined || !hasFailed)) summarize(queue, redriven, unfit);
  }
  return report();
}

const LONG_MS = 250;

function againOf(
  whole: Message,
  { message, redrives }: DeadLetter,
  target: string,
  { fullTopic }: DeadLetterQueue,
): Message {
  const again = fromDeadLetter(whole, target);
  const kept = target === fullTopic ? [] : message.headers.filter(([name]) => RETRY_FACTS.has(name));
  const headers = again.headers.filter(([name]) => name !== REDRIVES_HEADER);
  return {
    ...again,
    headers: [...headers, ...kept, [REDRIVES_HEADER, Buffer.from(String(redrives + 1))]],
  };
}

function audit(letter: DeadLetter, { deadLetterTopic, groupId }: DeadLetterQueue, to: string) {
  const { eventType, eventId, position, redrives } = letter;
  const from = `${deadLetterTopic}@${position}`;
  const facts = { eventType, eventId, groupId, from, to, redrives: redrives + 1 };
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
