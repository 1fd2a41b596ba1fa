import { isError, reasonOf, textIn } from '../errors/events-error.js';
import { deadLetterHeaders } from './dead-letter-headers.js';
import type { Header, Message } from './message.js';

/** Why and whence a message became a dead letter. */
export interface DeadLetterFacts {
  /** An error's `code`, or `RECEIVER_FAILED` for an error of your own without one. */
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  readonly firstFailure: Date;
  readonly lastFailure: Date;
  /** `<full topic>@<position>` */
  readonly source: string;
  readonly groupId: string;
}

/** The topic of a group's dead letters: `<full topic>.<group>.dlq`. */
export function deadLetterTopic(fullTopic: string, groupId: string): string {
  return `${fullTopic}.${groupId}${END}`;
}

/** Whether a topic, with or without prefix, is a dead-letter topic. */
export function isDeadLetterTopic(topic: string): boolean {
  return topic.endsWith(END);
}

/** The group whose dead letters of a topic lie on another, or undefined where the other holds none of that topic. */
export function groupOfDeadLetterTopic(name: string, fullTopic: string): string | undefined {
  const start = `${fullTopic}.`;
  if (!name.startsWith(start) || !isDeadLetterTopic(name)) return undefined;
  return name.slice(start.length, -END.length) || undefined;
}

/** A message as a dead letter: key, value and headers unchanged, then the facts as `dlq-…` headers. */
export function toDeadLetter(message: Message, facts: DeadLetterFacts): Message {
  const added: readonly (readonly [string, string])[] = [
    ['dlq-code', facts.code.slice(0, 200)],
    ['dlq-message', facts.message.slice(0, 1_000)],
    ['dlq-attempts', String(facts.attempts)],
    ['dlq-first-failure', facts.firstFailure.toISOString()],
    ['dlq-last-failure', facts.lastFailure.toISOString()],
    ['dlq-source', facts.source],
    ['dlq-group', facts.groupId],
  ];
  return {
    topic: deadLetterTopic(message.topic, facts.groupId),
    key: message.key,
    value: message.value,
    headers: [
      ...withoutFacts(message.headers),
      ...added.map(([name, text]): Header => [name, Buffer.from(text, 'utf8')]),
    ],
  };
}

/** The message that a dead letter was made of, for the given full topic: exactly the `dlq-…` headers are gone. */
export function fromDeadLetter(deadLetter: Message, fullTopic: string): Message {
  return { ...deadLetter, topic: fullTopic, headers: withoutFacts(deadLetter.headers) };
}

/** The code of a cause in dead letters, metrics and logs. */
export function failureCode(error: unknown): string {
  return textIn(error, 'code')?.slice(0, 200) || 'RECEIVER_FAILED';
}

/** The text of a cause in a dead letter. */
export function failureMessage(error: unknown): string {
  return isError(error) ? `${textIn(error, 'name') ?? 'Error'}: ${reasonOf(error)}` : reasonOf(error);
}

const END = '.dlq';

function withoutFacts(headers: readonly Header[]): readonly Header[] {
  return headers.filter(([name]) => !deadLetterHeaders.has(name));
}
