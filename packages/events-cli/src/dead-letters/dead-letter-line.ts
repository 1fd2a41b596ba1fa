import type { Header } from '@openedx-ts/events-core/bus';
import type { DeadLetter, DeadLetterQueue } from '@openedx-ts/events-core/operate';

/**
 * Builds the JSON object that `dlq show` writes for a dead letter, without its key and payload.
 *
 * @param mask masks personal values of the event where they are known. @defaultValue they are not
 */
export function deadLetterLine(
  deadLetter: DeadLetter,
  queue: DeadLetterQueue,
  mask: (text: string) => string = (text) => text,
): object {
  const { facts, message, position, storedAt, redrives, omittedBytes, unfit } = deadLetter;
  return {
    position,
    stored_at: storedAt === null ? null : new Date(storedAt).toISOString(),
    topic: queue.topic,
    group: queue.groupId,
    event_type: cut(deadLetter.eventType),
    event_id: cut(deadLetter.eventId),
    code: cut(facts?.code ?? null),
    message: cut(facts === null ? null : mask(facts.message)),
    attempts: facts?.attempts ?? null,
    first_failure: facts?.firstFailure.toISOString() ?? null,
    last_failure: facts?.lastFailure.toISOString() ?? null,
    source: cut(facts?.source ?? null),
    redrives,
    ...(unfit === undefined ? {} : { unfit: cut(unfit) }),
    key_bytes: message.key?.length ?? null,
    value_bytes: omittedBytes ?? message.value?.length ?? null,
    ...(omittedBytes === undefined ? {} : { value_omitted: true }),
    headers: message.headers
      .filter(([name]) => !name.startsWith('dlq-'))
      .slice(0, MAX_HEADERS)
      .map((header) => headerText(header, mask)),
  };
}

/** Hides the key, which often identifies a person and is a header on Redis, and values that are not text; null stays null. */
function headerText(
  [fullName, bytes]: Header,
  mask: (text: string) => string,
): readonly [string, string | null] {
  const name = cut(fullName) ?? '';
  if (bytes === null) return [name, null];
  if (name === 'event_key') return [name, '***'];
  try {
    return [name, cut(mask(utf8.decode(bytes)))];
  } catch {
    return [name, `(${bytes.length} bytes)`];
  }
}

/** Anybody may have written these texts: a line has an end. */
function cut(text: string | null): string | null {
  return text !== null && text.length > MAX_LENGTH
    ? `${text.slice(0, MAX_LENGTH)}… (${text.length} characters)`
    : text;
}

const MAX_LENGTH = 1_000;
const MAX_HEADERS = 100;

const utf8 = new TextDecoder('utf-8', { fatal: true });
