import type { OutageScenario } from './outage-scenario.js';

/** Outages of the bus while a service with an outbox works. */
export const outboxOutages: OutageScenario = {
  fault: 'F27',
  name: 'outbox-outages',
  title:
    'While a service makes 500 transactions a second with one event each: the broker unreachable; then a wrong password and a topic that the broker denies on Redis, a topic that is missing and no schema registry on Kafka',
  buses: ['redis', 'kafka'],
  sizes: {
    short: {
      perSecond: 500,
      beforeMs: 10_000,
      unreachable: { times: 3, forMs: 20_000 },
      otherForMs: 20_000,
    },
    full: {
      perSecond: 500,
      beforeMs: 30_000,
      unreachable: { times: 5, forMs: 120_000 },
      otherForMs: 300_000,
    },
  },
};
