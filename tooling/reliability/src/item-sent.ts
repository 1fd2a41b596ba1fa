import { defineSignal, long, record, string } from '@openedx-ts/events-core';

/** The event that the processes exchange: small, so that the work is that of the bus. */
export const ITEM_SENT = defineSignal({
  eventType: 'org.example.reliability.item.sent.v1',
  data: {
    item: record('Item', {
      /** Which events keep their order. */
      key: string(),
      /** Grows within a key. */
      sequence: long(),
    }),
  },
});
