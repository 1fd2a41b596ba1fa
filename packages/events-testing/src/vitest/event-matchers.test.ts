import { MemoryBroker, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { defineSignal, long, record, route, string } from '@openedx-ts/events-core';
import { connectRoutes, deadLetterTopic } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IsolatedSignals, isolateSignals } from '../isolate-signals.js';
import { recordEvents } from '../record-events.js';
import { eventMatchers } from './event-matchers.js';
import './index.js';

expect.extend(eventMatchers);

const definition = {
  eventType: 'org.openedx.testing.matchers.paid.v1',
  data: { payment: record('MatchersPayment', { user: string(), cents: long() }) },
} as const;

let scope: IsolatedSignals;
beforeEach(() => {
  scope = isolateSignals();
});
afterEach(() => scope.restore());

describe('eventMatchers', () => {
  it('ask a recorder what it received', async () => {
    const PAID = defineSignal(definition);
    using recorder = recordEvents(PAID);
    expect(recorder).not.toHaveReceived();
    await PAID.sendEvent({ payment: { user: 'ada', cents: 5 } });
    expect(recorder).toHaveReceived();
    expect(recorder).toHaveReceived({ payment: { user: 'ada' } });
    expect(recorder).not.toHaveReceived({ payment: { user: 'bob' } });
    expect(() => expect(recorder).toHaveReceived({ payment: { cents: 6 } })).toThrow(
      /expected 6\n +received 5/,
    );
    expect(() => expect(recorder).not.toHaveReceived()).toThrow(
      'was received, with data that was not expected',
    );
  });

  it('ask a broker what was published and what was dead-lettered', async () => {
    const PAID = defineSignal(definition);
    const broker = new MemoryBroker();
    const producer = new MemoryEventBusProducer({ broker });
    connectRoutes(producer, [route(PAID, { topic: 'payments', eventKeyField: 'payment.user' })]);
    await PAID.sendEvent({ payment: { user: 'ada', cents: 5 } });
    await expect(broker).toHavePublished(PAID, { payment: { cents: 5 } });
    await expect(broker).not.toHavePublished(PAID, { payment: { cents: 6 } });
    await expect(broker).not.toHaveDeadLettered(PAID);
    for (const message of broker.messages('payments')) {
      broker.append({ ...message, topic: deadLetterTopic(message.topic, 'group') });
    }
    await expect(broker).toHaveDeadLettered(PAID, { payment: { user: 'ada' } });
    await expect(expect(broker).not.toHavePublished(PAID)).rejects.toThrow('was published, with data');
  });

  it('fail for data that can never come, with and without not', async () => {
    const PAID = defineSignal(definition);
    using recorder = recordEvents(PAID);
    const misspelt = { payment: { sents: 5 } } as object;
    expect(() => expect(recorder).toHaveReceived(misspelt)).toThrow('no such field');
    expect(() => expect(recorder).not.toHaveReceived(misspelt)).toThrow('no such field');
    await expect(expect(new MemoryBroker()).not.toHavePublished(PAID, misspelt)).rejects.toThrow('no such');
  });
});
