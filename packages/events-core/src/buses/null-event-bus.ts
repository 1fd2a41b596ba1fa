import { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { Producer, SendReceipt } from '../producing/producer.js';
import type { EventBusPlugin } from './event-bus-plugin.js';

/**
 * The bus of those who want none: `EVENT_BUS=null`. Its producer takes every event and does nothing with it; there is
 * no consumer. It has to be asked for: a bus that is missing by mistake is an error at start.
 */
export const nullEventBus: EventBusPlugin = Object.freeze({
  name: 'null',
  createProducer: () => nullProducer,
  createConsumer: () => {
    throw new InvalidOptionsError('EVENT_BUS', [
      { path: '', message: 'the null bus has no events to consume: set EVENT_BUS to memory, redis or kafka' },
    ]);
  },
});

const nowhere = (eventId: string, topic: string): SendReceipt => ({ eventId, topic, position: 'nowhere' });

const nullProducer: Producer = {
  send: async ({ metadata, topic }) => nowhere(metadata.id, topic),
  offer: async ({ metadata, topic }) => nowhere(metadata.id, topic),
  publishEncoded: (batch) =>
    Promise.allSettled(batch.map(async ({ metadata, topic }) => nowhere(metadata.id, topic))),
  publishMessages: (batch) => Promise.allSettled(batch.map(async ({ topic }) => nowhere('', topic))),
  flush: async () => {},
  close: async () => {},
  health: () => ({ live: true, ready: true, reasons: [] }),
  [Symbol.asyncDispose]: async () => {},
};
