import type { DeadLetter, EventFate } from '@openedx-ts/events-core/operate';
import type { FateDeadLetter, FateLine } from '../answers/event-answer.js';
import { shownText } from '../messages/shown-text.js';

/** What became of an event in a group, for a page. */
export function fateLine({ groupId, state, deliveries, deadLetter }: EventFate): FateLine {
  return {
    groupId: shownText(groupId) ?? '',
    state: deadLetter === undefined ? state : 'dead-lettered',
    deliveries,
    deadLetter: deadLetter === undefined ? null : fateDeadLetter(deadLetter),
  };
}

/** The dead letter of an event, for a page. */
export function fateDeadLetter({ position, facts }: DeadLetter): FateDeadLetter {
  return { position, code: shownText(facts?.code), attempts: facts?.attempts ?? null };
}
