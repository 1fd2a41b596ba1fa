import { MemoryEventBusConsumer } from '@openedx-ts/event-bus-memory';
import type { ConsumerOptions } from '@openedx-ts/events-core';
import type { BrokenConsumer } from './broken-consumers.js';

/** A consumer with other options than it was given. */
function withOptions(change: (options: ConsumerOptions) => Partial<ConsumerOptions>): BrokenConsumer {
  return (broker, options) => new MemoryEventBusConsumer({ ...options, ...change(options), broker });
}

export const processesOneAtATime = withOptions(() => ({ concurrency: 1 }));

export const waitsForEver = withOptions(() => ({ receiverTimeoutMs: Number.POSITIVE_INFINITY }));

export const triesOnce = withOptions(() => ({ maxAttempts: 1 }));

export const alwaysDrops = withOptions(() => ({ onFailure: 'drop', unknownType: 'skip' }));

export const deadLettersUnknownTypes = withOptions(() => ({ unknownType: 'dead-letter' }));

export const alwaysDeadLetters = withOptions(() => ({ onFailure: 'dead-letter' }));

export const consumesTheFirstTopicOnly = withOptions(({ topics }) => ({ topics: topics.slice(0, 1) }));

export const acknowledgesRarely = withOptions(() => ({ ackEvery: 100 }));

export const neverDrains = withOptions(() => ({ drainTimeoutMs: 0 }));

export const drainsForEver = withOptions(() => ({ drainTimeoutMs: 1e9 }));
