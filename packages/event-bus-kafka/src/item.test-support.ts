import {
  createMetadata,
  defineSignal,
  long,
  optional,
  type Producer,
  record,
  type SignalEvent,
  string,
} from '@openedx-ts/events-core';

const data = {
  item: record('Item', { name: string(), number: long(), remark: optional(string()) }),
};

/** The event that the tests of this package send. */
export const ITEM = defineSignal({ eventType: 'org.example.test.item.sent.v1', data });

/** An item as a receiver gets it. */
export type ItemEvent = SignalEvent<typeof data>;

/** Sends an item; the name is its key. */
export function sendItem(producer: Producer, topic: string, number: number, name = 'a') {
  return producer.send({
    signal: ITEM,
    topic,
    eventKeyField: 'item.name',
    data: { item: { name, number } },
    metadata: createMetadata({ eventType: ITEM.eventType }),
  });
}
