import { type DeadLetter, findEvent } from '@openedx-ts/events-core/operate';
import type { PlaceLine, WhereAnswer } from '../answers/where-answer.js';
import type { MessageTools } from '../messages/message-tools.js';
import { shownText } from '../messages/shown-text.js';
import { fateDeadLetter, fateLine } from './fate-line.js';
import { withoutPrefix } from './topic-names.js';

/** Which event is looked for. */
export interface WhereQuery {
  readonly eventId: string;
  /** In milliseconds since 1970; needed for ids that hold no time. */
  readonly since: number | undefined;
  /** `topic@position` where an earlier search stopped. */
  readonly after: string | undefined;
  readonly abortSignal: AbortSignal;
}

/**
 * Where an event is, and what became of it in every group: the answer of `openedx-events where`.
 *
 * @throws InvalidOptionsError when the id holds no time and `since` is missing
 */
export async function whereEvent(
  { topics }: Pick<MessageTools, 'topics'>,
  { eventId, since, after, abortSignal }: WhereQuery,
): Promise<WhereAnswer> {
  const place = after === undefined ? undefined : placeIn(after);
  const found = await findEvent(topics, {
    eventId,
    ...(since === undefined ? {} : { since }),
    ...(place === undefined ? {} : { after: place }),
    abortSignal,
  });
  const places = found.places.map(
    ({ topic, position, storedAt, eventType, fates }): PlaceLine => ({
      ...{ topic, position, storedAt, eventType: shownText(eventType), isStored: true },
      fates: fates.map(fateLine),
    }),
  );
  const strays = found.strayDeadLetters.map((one) => strayLine(one, (name) => withoutPrefix(topics, name)));
  const { stoppedAt } = found;
  return {
    eventId: shownText(eventId) ?? '',
    places: [...places, ...strays],
    looked: found.messages,
    stoppedAt: stoppedAt === undefined ? null : `${stoppedAt.topic}@${stoppedAt.position}`,
  };
}

/** A dead letter whose event the broker has deleted. */
function strayLine(deadLetter: DeadLetter, topicOf: (fullTopic: string) => string): PlaceLine {
  const source = deadLetter.facts?.source ?? '';
  const at = source.lastIndexOf('@');
  return {
    topic: shownText(topicOf(source.slice(0, Math.max(0, at)))) ?? '',
    position: shownText(source.slice(at + 1)) ?? '',
    storedAt: deadLetter.storedAt,
    eventType: shownText(deadLetter.eventType),
    isStored: false,
    fates: [
      {
        groupId: shownText(deadLetter.facts?.groupId) ?? '?',
        state: 'dead-lettered',
        deliveries: null,
        deadLetter: fateDeadLetter(deadLetter),
      },
    ],
  };
}

function placeIn(text: string): { readonly topic: string; readonly position: string } {
  const at = text.lastIndexOf('@');
  return { topic: text.slice(0, Math.max(0, at)), position: text.slice(at + 1) };
}
