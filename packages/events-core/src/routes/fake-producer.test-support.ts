import type { OutgoingEvent, Producer, SendReceipt } from '../producing/producer.js';
import { type Deferred, deferred } from '../runtime/deferred.js';

/** A producer that keeps what it is offered, and settles it when a test says so. */
export interface FakeProducer extends Producer {
  readonly offered: (OutgoingEvent & { readonly acceptance: Deferred<SendReceipt> })[];
  /** What `offer` throws at once from now on. */
  failure: unknown;
  isClosed: boolean;
}

export function fakeProducer(): FakeProducer {
  const producer: FakeProducer = {
    offered: [],
    failure: undefined,
    isClosed: false,
    send: (event) => producer.offer(event),
    offer: (event) => {
      if (producer.failure !== undefined) throw producer.failure;
      const acceptance = deferred<SendReceipt>();
      producer.offered.push({ ...(event as unknown as OutgoingEvent), acceptance });
      return acceptance.promise;
    },
    publishEncoded: async () => [],
    publishMessages: async () => [],
    flush: async () => {},
    close: async () => {
      producer.isClosed = true;
    },
    health: () => ({ live: true, ready: true, reasons: [] }),
    [Symbol.asyncDispose]: () => producer.close(),
  };
  return producer;
}
