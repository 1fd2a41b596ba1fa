import { ProduceFailedError } from '@openedx-ts/events-core';
import { FailedKeys, type Message, messageBytes, type PublishOutcome } from '@openedx-ts/events-core/bus';

/**
 * Publishes messages of one topic except those that are too large. Redis closes the connection at a value above its
 * `proto-max-bulk-len`, and every event in flight would be lost with it, so such a message is refused before it is sent.
 */
export async function publishWithinLimit(
  messages: readonly Message[],
  maxMessageBytes: number,
  publish: (messages: readonly Message[]) => Promise<readonly PublishOutcome[]>,
): Promise<readonly PublishOutcome[]> {
  if (messages.every((message) => messageBytes(message) <= maxMessageBytes)) return publish(messages);
  const refused = refusalsOf(messages, maxMessageBytes);
  const others = messages.filter((_, place) => refused[place] === undefined);
  const published = others.length === 0 ? [] : await publish(others);
  let next = 0;
  return refused.map((refusal) => refusal ?? (published[next++] as PublishOutcome));
}

/** For each message undefined, or why it is not sent: it is too large, or an earlier one of its key is. */
function refusalsOf(
  messages: readonly Message[],
  maxMessageBytes: number,
): readonly (PublishOutcome | undefined)[] {
  const failed = new FailedKeys();
  return messages.map((message) => {
    if (failed.has(message)) return { notAttempted: true };
    const size = messageBytes(message);
    if (size <= maxMessageBytes) return undefined;
    failed.add(message);
    const reason = `it takes ${size} bytes, and maxMessageBytes is ${maxMessageBytes}`;
    return { error: new ProduceFailedError(message.topic, reason, { retryable: false, isTooLarge: true }) };
  });
}
