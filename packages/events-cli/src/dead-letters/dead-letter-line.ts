import type { DeadLetter, DeadLetterQueue } from '@openedx-ts/events-core/operate';

/** A dead letter as one JSON object, without its key and payload. */
export function deadLetterLine(letter: DeadLetter, queue: DeadLetterQueue): object {
  const { facts, message, position, storedAt, redrives, unfit } = letter;
  return {
    position,
    stored_at: storedAt === null ? null : new Date(storedAt).toISOString(),
    topic: queue.topic,
    group: queue.groupId,
    event_type: letter.eventType,
    event_id: letter.eventId,
    code: facts?.code ?? null,
    message: facts?.message ?? null,
    attempts: facts?.attempts ?? null,
    first_failure: facts?.firstFailure.toISOString() ?? null,
    last_failure: facts?.lastFailure.toISOString() ?? null,
    source: facts?.source ?? null,
    redrives,
    ...(unfit === undefined ? {} : { unfit }),
    key_bytes: message.key?.length ?? null,
    value_bytes: message.value?.length ?? null,
    headers: message.headers.filter(([name]) => !name.startsWith('dlq-')).map(headerText),
  };
}

/** The key names people, mostly, and Redis has it as a header; what is no text is not shown either. */
function headerText([name, bytes]: readonly [string, Uint8Array]): readonly [string, string] {
  if (name === 'event_key') return [name, '***'];
  try {
    return [name, utf8.decode(bytes)];
  } catch {
    return [name, `(${bytes.length} bytes)`];
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
