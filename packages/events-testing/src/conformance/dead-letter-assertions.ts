import assert from 'node:assert/strict';
import { deadLetterTopic, type Header, type Message } from '@openedx-ts/events-core/bus';

/** The `dlq-…` headers of a dead letter by name; the test fails when it has others or one twice. */
export function factsOf(deadLetter: Message): Readonly<Record<string, string>> {
  const facts = deadLetter.headers.filter(([name]) => name.startsWith('dlq-'));
  assert.deepEqual(facts.map(([name]) => name).sort(), factNames, 'the dlq-… headers of a dead letter');
  return Object.fromEntries(facts.map(([name, value]) => [name, Buffer.from(value ?? []).toString('utf8')]));
}

/** The dead letter keeps the message byte for byte: key, value, and headers in their order. */
export function assertKeeps(deadLetter: Message, message: Message, groupId: string): void {
  assert.equal(deadLetter.topic, deadLetterTopic(message.topic, groupId));
  assert.equal(hex(deadLetter.key), hex(message.key), 'the key of a dead letter');
  assert.equal(hex(deadLetter.value), hex(message.value), 'the value of a dead letter');
  const kept = deadLetter.headers.filter(([name]) => !name.startsWith('dlq-'));
  assert.deepEqual(kept.map(headerText), message.headers.map(headerText), 'the headers of a dead letter');
}

/** A message as a text, for comparing all of it but its topic. */
export function asText({ key, value, headers }: Message): string {
  return [`key ${hex(key)}`, `value ${hex(value)}`, ...headers.map(headerText)].join('\n');
}

/** A message with the value of one header replaced, found by its value; null removes the header. */
export function withHeader(message: Message, value: string, replacement: string | null): Message {
  const isMeant = ([, bytes]: Header) => Buffer.from(bytes ?? []).toString('utf8') === value;
  const headers = message.headers.flatMap((header): Header[] => {
    if (!isMeant(header)) return [header];
    return replacement === null ? [] : [[header[0], Buffer.from(replacement, 'utf8')]];
  });
  assert.ok(message.headers.some(isMeant), 'a header that the message should have');
  return { ...message, headers };
}

const factNames = [
  'dlq-attempts',
  'dlq-code',
  'dlq-first-failure',
  'dlq-group',
  'dlq-last-failure',
  'dlq-message',
  'dlq-source',
];

function headerText([name, value]: Header): string {
  return `${name}: ${hex(value)}`;
}

function hex(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('hex');
}
