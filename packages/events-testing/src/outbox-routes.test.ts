import { defineSignal, type OutgoingEvent, route, startEventBus, string } from '@openedx-ts/events-core';
import { type EventOutbox, ReceiverFailedError } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { isolateSignals } from './isolate-signals.js';
import { recordEvents } from './record-events.js';

const NAMED = defineSignal({
  eventType: 'org.openedx.testing.outbox.named.v1',
  irregularEventType: 'made up by a test',
  data: { name: string() },
});

/** An outbox without a database. */
function outboxWithout(refuse: () => Error | undefined): EventOutbox & { readonly events: OutgoingEvent[] } {
  const events: OutgoingEvent[] = [];
  return {
    events,
    warmUp: async () => {},
    add: (event) => {
      const error = refuse();
      if (error !== undefined) throw error;
      events.push(event);
    },
    startRelay: () => {},
    health: () => ({ live: true, ready: true, reasons: [] }),
    close: async () => {},
  };
}

describe('routes with the mode outbox in a test', () => {
  it('store what a recorder records, and nothing is recorded of a refused event', async () => {
    let error: Error | undefined;
    const outbox = outboxWithout(() => error);
    {
      using _scope = isolateSignals();
      using recorder = recordEvents(NAMED);
      const routes = [route(NAMED, { topic: 'names', eventKeyField: 'name', mode: 'outbox' })];
      await using _bus = await startEventBus({ routes, outbox });
      await NAMED.sendEvent({ name: 'ann' });
      expect((await recorder.next()).data).toEqual({ name: 'ann' });
      error = new Error('no transaction');
      await expect(NAMED.sendEvent({ name: 'bob' })).rejects.toThrow(ReceiverFailedError);
      expect(recorder.events).toHaveLength(1);
    }
    expect(NAMED.receivers).toEqual([]);
    expect(outbox.events.map(({ topic }) => topic)).toEqual(['names']);
  });
});
