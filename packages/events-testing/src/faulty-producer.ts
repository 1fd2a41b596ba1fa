import type { Health, OutgoingEvent, PayloadFields, Producer, SendReceipt } from '@openedx-ts/events-core';
import type { EncodedEvent, Message, PublishOptions } from '@openedx-ts/events-core/bus';
import type { Fault, FaultPlan } from './fault-plan.js';
import { FaultySends } from './faulty-sends.js';
import { settleCall } from './settle-call.js';

/** A producer that misbehaves by plan. */
export interface FaultyProducer extends Producer {
  /** What happened to each send, in order. */
  readonly faults: readonly Fault[];
  /** How many sends wait for `release()`. */
  readonly held: number;
  /** Sends what is held or still to be swapped, in order, and resolves when all of it is settled. */
  release(): Promise<void>;
}

/**
 * Puts faults between your code and a producer: for tests of what your service does when events get lost, double, late
 * or out of order. Everything is sent through the given producer, which `close()` closes; what is held then is released
 * first. No timers.
 *
 * @throws InvalidOptionsError when the plan is wrong
 */
export function faultyProducer(producer: Producer, plan: FaultPlan): FaultyProducer {
  const sends = new FaultySends(plan);
  return {
    faults: sends.faults,
    get held() {
      return sends.held;
    },
    release: () => sends.release(),
    send: <F extends PayloadFields>(event: OutgoingEvent<F>) =>
      sends.suffer({ topic: event.topic, eventId: event.metadata.id }, () => producer.send(event)),
    offer: <F extends PayloadFields>(event: OutgoingEvent<F>) =>
      sends.suffer({ topic: event.topic, eventId: event.metadata.id }, async () => producer.offer(event)),
    publishEncoded: (batch: readonly EncodedEvent[], options?: PublishOptions) =>
      settleCall(
        batch.map((event) => {
          const about = { topic: event.topic, eventId: event.metadata.id };
          const send = () => sends.suffer(about, () => only(producer.publishEncoded([event], options)));
          return { ...about, key: event.key.text, send };
        }),
        options,
      ),
    publishMessages: (batch: readonly Message[], options?: PublishOptions) =>
      settleCall(
        batch.map((message) => {
          const about = { topic: message.topic, eventId: '' };
          const send = () => sends.suffer(about, () => only(producer.publishMessages([message], options)));
          return { ...about, key: message.key && Buffer.from(message.key).toString('latin1'), send };
        }),
        options,
      ),
    flush: () => producer.flush(),
    async close() {
      await sends.release();
      await producer.close();
    },
    health: (): Health => producer.health(),
    async [Symbol.asyncDispose]() {
      await this.close();
    },
  };
}

async function only(results: Promise<readonly PromiseSettledResult<SendReceipt>[]>): Promise<SendReceipt> {
  const [result] = await results;
  if (result?.status === 'fulfilled') return result.value;
  throw result?.reason;
}
