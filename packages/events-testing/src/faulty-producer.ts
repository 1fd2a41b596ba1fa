import {
  type Health,
  type OutgoingEvent,
  type PayloadFields,
  ProduceFailedError,
  type Producer,
  type SendReceipt,
} from '@openedx-ts/events-core';
import { deferred, type EncodedEvent, type Message } from '@openedx-ts/events-core/bus';
import { type Fault, type FaultPlan, faultsOf } from './fault-plan.js';

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
  const nextFault = faultsOf(plan);
  const happened: Fault[] = [];
  let held: (() => Promise<unknown>)[] = [];
  let swapped: (() => Promise<unknown>)[] = [];

  const releaseSwapped = async () => {
    const late = swapped;
    swapped = [];
    for (const send of late) await send();
  };

  const later = (queue: (() => Promise<unknown>)[], send: () => Promise<SendReceipt>) => {
    const receipt = deferred<SendReceipt>();
    queue.push(() => send().then(receipt.resolve, receipt.reject));
    return receipt.promise;
  };

  const suffer = async (about: SendFacts, send: () => Promise<SendReceipt>): Promise<SendReceipt> => {
    const fault = nextFault();
    happened.push(fault);
    switch (fault) {
      case 'drop':
        return { eventId: about.eventId, topic: about.topic, position: 'dropped' };
      case 'hold':
        return later(held, send);
      case 'swap':
        return later(swapped, send);
      case 'refuse':
        throw new ProduceFailedError(about.topic, 'refused by the fault plan', { retryable: false });
      case 'unavailable':
        throw new ProduceFailedError(about.topic, 'unavailable by the fault plan', { retryable: true });
      default:
        return passed(fault, about, send);
    }
  };

  const passed = async (fault: Fault, about: SendFacts, send: () => Promise<SendReceipt>) => {
    const receipt = await send();
    if (fault === 'duplicate') await send();
    await releaseSwapped();
    if (fault !== 'lose-answer') return receipt;
    throw new ProduceFailedError(about.topic, 'the answer was lost by the fault plan', { retryable: false });
  };

  const release = async () => {
    const waiting = held;
    held = [];
    for (const send of waiting) await send();
    await releaseSwapped();
  };

  return {
    faults: happened,
    get held() {
      return held.length + swapped.length;
    },
    release,
    send: <F extends PayloadFields>(event: OutgoingEvent<F>) =>
      suffer({ topic: event.topic, eventId: event.metadata.id }, () => producer.send(event)),
    offer: <F extends PayloadFields>(event: OutgoingEvent<F>) =>
      suffer({ topic: event.topic, eventId: event.metadata.id }, async () => producer.offer(event)),
    publishEncoded: (batch: readonly EncodedEvent[]) =>
      Promise.allSettled(
        batch.map((event) =>
          suffer({ topic: event.topic, eventId: event.metadata.id }, () =>
            only(producer.publishEncoded([event])),
          ),
        ),
      ),
    publishMessages: (batch: readonly Message[]) =>
      Promise.allSettled(
        batch.map((message) =>
          suffer({ topic: message.topic, eventId: '' }, () => only(producer.publishMessages([message]))),
        ),
      ),
    flush: () => producer.flush(),
    async close() {
      await release();
      await producer.close();
    },
    health: (): Health => producer.health(),
    async [Symbol.asyncDispose]() {
      await this.close();
    },
  };
}

interface SendFacts {
  readonly topic: string;
  readonly eventId: string;
}

async function only(results: Promise<readonly PromiseSettledResult<SendReceipt>[]>): Promise<SendReceipt> {
  const [result] = await results;
  if (result?.status === 'fulfilled') return result.value;
  throw result?.reason;
}
