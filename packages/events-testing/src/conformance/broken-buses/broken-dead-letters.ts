import { MemoryEventBusConsumer } from '@openedx-ts/event-bus-memory';
import type { Message } from '@openedx-ts/events-core/bus';
import { type BrokenConsumer, consumerOf } from './broken-consumer.js';

export const swallowsDeadLetters = deadLettering(async () => {});

export const doesNotWaitForDeadLetters = deadLettering(async (message, next) => {
  next(message).catch(() => {});
});

export const losesKeysOfDeadLetters = deadLettering((message, next) => next({ ...message, key: null }));

export const sortsHeadersOfDeadLetters = deadLettering((message, next) =>
  next({ ...message, headers: message.headers.toSorted(([a], [b]) => (a < b ? -1 : 1)) }),
);

export const losesFactsOfDeadLetters = deadLettering((message, next) =>
  next({ ...message, headers: message.headers.filter(([name]) => name !== 'dlq-source') }),
);

export const sharesDeadLetters = deadLettering((message, next) =>
  next({ ...message, topic: message.topic.replace(/[^.]+\.dlq$/, 'dlq') }),
);

/** As on a broker whose topics may not have such names, where nobody has checked the group id. */
export const failsAtUnusualGroups = deadLettering(async (message, next) => {
  if (!/^[A-Za-z0-9._-]{1,249}$/.test(message.topic)) throw new RangeError('this is no name of a topic');
  await next(message);
});

/** Does not report that a dead letter is too large, so that it is never stored without its value. */
export const failsAtLargeDeadLetters = deadLettering(async (message, next) => {
  try {
    await next(message);
  } catch (error) {
    throw new Error('the broker has refused it', { cause: error });
  }
});

/** A consumer that writes dead letters wrongly; `next` is the right way. */
function deadLettering(
  broken: (message: Message, next: (message: Message) => Promise<void>) => Promise<void>,
): BrokenConsumer {
  return consumerOf(
    class extends MemoryEventBusConsumer {
      protected override publishDeadLetter(message: Message): Promise<void> {
        return broken(message, (right) => super.publishDeadLetter(right));
      }
    },
  );
}
