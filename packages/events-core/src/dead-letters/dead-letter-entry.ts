import type { StoredMessage } from '../operate/stored-message.js';
import { type DeadLetterFacts, deadLetterTopic } from '../wire/dead-letter.js';
import { fields } from '../wire/header-fields.js';
import type { HeaderNaming } from '../wire/headers.js';
import type { Message } from '../wire/message.js';
import { isOmissionUnreadable, omittedValueOf } from '../wire/omitted-value.js';
import { REDRIVES_HEADER } from '../wire/redrives-header.js';
import { textOfHeader } from '../wire/text-of-header.js';
import type { DeadLetterQueue } from './dead-letter-queue.js';

/** A message on a dead-letter topic, with the facts that its headers give; it is not decoded. */
export interface DeadLetter {
  /** Its position on the dead-letter topic. */
  readonly position: string;
  /** When it was stored there, in milliseconds since 1970; null when the broker does not report it. */
  readonly storedAt: number | null;
  /** As it lies there, `dlq-…` headers included. */
  readonly message: Message;
  /** Why and whence; null without these headers, because it is no dead letter. */
  readonly facts: DeadLetterFacts | null;
  /** Null when no header gives it. */
  readonly eventType: string | null;
  /** Null when no header gives it. */
  readonly eventId: string | null;
  /** How often it was sent again so far. */
  readonly redrives: number;
  /** The size of its value where that was too large to be stored again: it is read from the source; else undefined. */
  readonly omittedBytes: number | undefined;
  /** Why it cannot be sent again; undefined when it can. */
  readonly unfit: string | undefined;
}

/** Why a dead letter without its value cannot be used. */
export const VALUE_IS_GONE =
  'its value was too large to be stored again, and its source does not hold it any more';

export function describeDeadLetter(
  { message, position, storedAt }: StoredMessage,
  queue: DeadLetterQueue,
  naming: HeaderNaming,
): DeadLetter {
  const text = (name: string) => textOfHeader(message.headers, name);
  const facts = factsIn(text);
  const redrives = Number(text(REDRIVES_HEADER) ?? 0);
  return {
    position,
    storedAt,
    message,
    facts,
    eventType: text(fields.eventType[naming]) || null,
    eventId: text(fields.id[naming]) || null,
    redrives: Number.isSafeInteger(redrives) && redrives > 0 ? redrives : 0,
    omittedBytes: omittedValueOf(message)?.bytes,
    unfit: problemOf(facts, queue) ?? contentProblemOf(message),
  };
}

/**
 * Whether a dead letter belongs to another queue that has the same topic, because topic and group id are joined by a dot:
 * `orders` with group `eu.mail`, and `orders.eu` with group `mail`.
 */
export function isOfAnotherQueue({ facts }: DeadLetter, queue: DeadLetterQueue): boolean {
  if (facts === null) return false;
  const source = sourceTopicOf(facts);
  if (source === queue.fullTopic && facts.groupId === queue.groupId) return false;
  return deadLetterTopic(source, facts.groupId) === queue.deadLetterTopic;
}

/** Why a dead letter cannot be sent again whose headers should describe the value that it does not have. */
const VALUE_IS_UNKNOWN =
  'it has no value, and its headers dlq-value-bytes and dlq-value-sha256 cannot be read: replay the group from dlq-source on';

function contentProblemOf(message: Message): string | undefined {
  if (isOmissionUnreadable(message)) return VALUE_IS_UNKNOWN;
  return isUnread(message) ? NEVER_READ : undefined;
}

/** Why a dead letter cannot be sent again that stands for something that its bus could not read. */
const NEVER_READ =
  'it holds no event, because its consumer could not read it: remove the cause (dlq-message), then replay the group from dlq-source on';

/** What could not be read has no key, no value and no headers but those of the dead letter itself. */
function isUnread(message: Message): boolean {
  if (omittedValueOf(message) !== undefined) return false;
  const { key, value, headers } = message;
  return key === null && value === null && headers.every(([name]) => name.startsWith('dlq-'));
}

function sourceTopicOf({ source }: DeadLetterFacts): string {
  return source.slice(0, source.lastIndexOf('@'));
}

function problemOf(facts: DeadLetterFacts | null, { fullTopic, groupId }: DeadLetterQueue) {
  if (facts === null) return 'it is no dead letter: headers dlq-… are missing or cannot be read';
  const source = sourceTopicOf(facts);
  if (source !== fullTopic) return `its dlq-source is another topic (${source})`;
  if (facts.groupId !== groupId) return `its dlq-group is another group (${facts.groupId})`;
  return undefined;
}

function factsIn(text: (name: string) => string | undefined): DeadLetterFacts | null {
  const [code, source, groupId] = [text('dlq-code'), text('dlq-source'), text('dlq-group')];
  if (!code || !groupId || source === undefined || !source.includes('@')) return null;
  const firstFailure = new Date(text('dlq-first-failure') ?? '');
  const lastFailure = new Date(text('dlq-last-failure') ?? '');
  const attempts = Number(text('dlq-attempts') ?? Number.NaN);
  const isWhole = Number.isSafeInteger(attempts) && ![firstFailure, lastFailure].some(isInvalid);
  if (!isWhole) return null;
  return { code, message: text('dlq-message') ?? '', attempts, firstFailure, lastFailure, source, groupId };
}

function isInvalid(date: Date): boolean {
  return Number.isNaN(date.getTime());
}
