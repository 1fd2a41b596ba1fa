import {
  type DeadLetter,
  type DeadLetterQueue,
  decodeDeadLetter,
  maskPersonalText,
  readDeadLetters,
} from '@openedx-ts/events-core/operate';
import type { CauseLine, DeadLetterLine, DeadLettersAnswer } from '../answers/dead-letters-answer.js';
import type { MessageTools } from '../messages/message-tools.js';
import { shownText } from '../messages/shown-text.js';
import { withoutPrefix } from './topic-names.js';

/**
 * The dead letters of a queue, grouped by code and event type. It reads at most 10,000; beyond a hundred causes the
 * others are counted together. Personal values of the events are masked in the messages, where they can be decoded.
 */
export async function deadLetterCauses(
  tools: MessageTools,
  queue: DeadLetterQueue,
  abortSignal: AbortSignal,
): Promise<DeadLettersAnswer> {
  const causes = new Map<string, Cause>();
  let [count, redriven, unfit, isCut] = [0, 0, 0, false];
  for await (const letter of readDeadLetters(tools.topics, queue)) {
    abortSignal.throwIfAborted();
    if (count === MAX_READ) {
      isCut = true;
      break;
    }
    count += 1;
    if (letter.redrives > 0) redriven += 1;
    if (letter.unfit !== undefined) unfit += 1;
    const message = await maskedMessage(tools, letter);
    causeOf(letter, causes).add(letter, message, tools.topics);
  }
  return {
    topic: queue.topic,
    groupId: queue.groupId,
    ...{ count, isCut, redriven, unfit },
    causes: [...causes.values()].map((cause) => cause.line()).sort((one, other) => other.count - one.count),
  };
}

async function maskedMessage(
  { topics, codec, loadSignal }: MessageTools,
  letter: DeadLetter,
): Promise<string | null> {
  const { facts, eventType } = letter;
  if (facts === null || facts.message === '') return null;
  try {
    if (eventType !== null) await loadSignal?.(eventType);
    const { signal, data } = await decodeDeadLetter(topics, letter, codec);
    return shownText(maskPersonalText(signal.shape, data, facts.message));
  } catch {
    return shownText(facts.message); // nobody knows what is personal in it, and no error of ours holds a value
  }
}

function causeOf({ facts, eventType }: DeadLetter, causes: Map<string, Cause>): Cause {
  const [code, type] = [shownText(facts?.code, MAX_NAME), shownText(eventType, MAX_NAME)];
  const key = JSON.stringify([code, type]);
  const found = causes.get(key);
  if (found !== undefined) return found;
  const isOther = causes.size >= MAX_CAUSES;
  const others = isOther ? causes.get(OTHERS) : undefined;
  if (others !== undefined) return others;
  const made = isOther ? new Cause(OTHERS, null) : new Cause(code, type);
  causes.set(isOther ? OTHERS : key, made);
  return made;
}

/** Dead letters with the same code and event type. */
class Cause {
  readonly #code: string | null;
  readonly #eventType: string | null;
  readonly #messages = new Map<string, number>();
  #samples: DeadLetterLine[] = [];
  #count = 0;
  #oldest: number | null = null;
  #newest: number | null = null;

  constructor(code: string | null, eventType: string | null) {
    this.#code = code;
    this.#eventType = eventType;
  }

  add(letter: DeadLetter, message: string | null, store: MessageTools['topics']): void {
    this.#count += 1;
    const line = { ...lineOf(letter, store), message };
    const { diedAt } = line;
    if (diedAt !== null) {
      this.#oldest = Math.min(this.#oldest ?? diedAt, diedAt);
      this.#newest = Math.max(this.#newest ?? diedAt, diedAt);
    }
    const kind = kindOfMessage(message ?? '');
    if (this.#messages.has(kind) || this.#messages.size < MAX_MESSAGES)
      this.#messages.set(kind, (this.#messages.get(kind) ?? 0) + 1);
    this.#samples.push(line);
    if (this.#samples.length > 2 * MAX_SAMPLES) this.#samples = newest(this.#samples);
  }

  line(): CauseLine {
    const messages = [...this.#messages].sort(([, one], [, other]) => other - one).slice(0, MAX_SHOWN);
    const [code, eventType, count] = [this.#code, this.#eventType, this.#count];
    const samples = newest(this.#samples);
    return { code, eventType, count, oldest: this.#oldest, newest: this.#newest, messages, samples };
  }
}

function lineOf(letter: DeadLetter, store: MessageTools['topics']): Omit<DeadLetterLine, 'message'> {
  const { position, eventId, facts, redrives, storedAt, unfit } = letter;
  return {
    position,
    eventId: shownText(eventId),
    attempts: facts?.attempts ?? null,
    diedAt: facts?.lastFailure.getTime() ?? storedAt,
    redrives,
    source: facts === null ? null : shownText(withoutPrefix(store, facts.source)),
    unfit: shownText(unfit),
  };
}

function newest(samples: readonly DeadLetterLine[]): DeadLetterLine[] {
  return samples.toSorted((one, other) => (other.diedAt ?? 0) - (one.diedAt ?? 0)).slice(0, MAX_SAMPLES);
}

/** A message without what differs from one event to the next, so that those with the same cause are counted together. */
function kindOfMessage(message: string): string {
  return message
    .slice(0, 300)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '…')
    .replace(/\d+/g, '#');
}

const OTHERS = '(others)';
const MAX_READ = 10_000;
const MAX_CAUSES = 100;
const MAX_MESSAGES = 200;
const MAX_SHOWN = 10;
const MAX_SAMPLES = 20;
const MAX_NAME = 200;
