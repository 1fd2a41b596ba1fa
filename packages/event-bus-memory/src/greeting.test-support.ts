import { defineSignal, long, record, string } from '@openedx-ts/events-core';

/** Defines a signal whose data is one greeting, with a personal name; call it where the registry is restored after each test. */
export const defineGreeting = () =>
  defineSignal({
    eventType: 'org.example.test.greeting.sent.v1',
    data: { greeting: record('Greeting', { to: string({ pii: 'name' }), times: long() }) },
    eventKeyField: 'greeting.to',
  });
