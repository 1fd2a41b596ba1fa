import { createMetadata, type OutgoingEvent } from '@openedx-ts/events-core';
import type { BenchItem, BenchSendOptions } from './bench-options.js';
import type { ItemFields } from './bench-signals.js';

/** The event that carries an item, with a key of its own or `key`. */
export function outgoingItem(
  signal: OutgoingEvent<ItemFields>['signal'],
  topic: string,
  item: BenchItem,
  metadata: BenchSendOptions['metadata'],
): OutgoingEvent<ItemFields> {
  const { eventType, minorVersion } = signal;
  return {
    signal,
    topic,
    eventKeyField: 'item.key',
    data: { item: { key: 'key', ...item } },
    metadata: createMetadata({ eventType, minorVersion, ...metadata }),
  };
}
