import { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { TopicStore } from '../operate/topic-store.js';
import { type DeadLetter, describeDeadLetter, isOfAnotherQueue } from './dead-letter-entry.js';
import { checkFilter, type DeadLetterFilter, isSelected } from './dead-letter-filter.js';
import type { DeadLetterQueue } from './dead-letter-queue.js';

/**
 * Yields the dead letters that exist now, in the order of their lanes. Nothing is decoded and nothing
 * changed. Dead letters of another topic and group whose names make the same dead-letter topic are left out.
 *
 * @throws InvalidOptionsError when the filter is wrong, or names a position or an event that is not there
 * @throws InfrastructureError when the broker cannot be reached
 */
export async function* readDeadLetters(
  store: TopicStore,
  queue: DeadLetterQueue,
  filter: DeadLetterFilter = {},
): AsyncGenerator<DeadLetter> {
  checkFilter('dead letters', filter);
  const { position, eventId } = filter;
  let isFound = false;
  for await (const page of store.read(
    queue.deadLetterTopic,
    position === undefined ? {} : { from: position },
  )) {
    for (const stored of page) {
      const letter = describeDeadLetter(stored, queue, store.wireFormat.headerNaming);
      if (!isOfAnotherQueue(letter, queue) && isSelected(letter, filter)) {
        isFound = true;
        yield letter;
      }
      if (position !== undefined) return mustBeFound(isFound, queue, filter);
    }
  }
  if (position !== undefined || eventId !== undefined) mustBeFound(isFound, queue, filter);
}

function mustBeFound(
  isFound: boolean,
  { deadLetterTopic }: DeadLetterQueue,
  { position, eventId }: DeadLetterFilter,
): void {
  if (isFound) return;
  const path = position === undefined ? 'eventId' : 'position';
  const message = `no such dead letter on ${deadLetterTopic}: ${position ?? eventId} (list and show say what is there)`;
  throw new InvalidOptionsError('dead letters', [{ path, message }]);
}
