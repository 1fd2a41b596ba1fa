import type { OutboxScenario } from './outbox-scenario.js';

const none = { writerKills: 0, relayKills: 0, relayFreezes: 0, databaseKills: 0 };
const full = { events: 200_000, perSecond: 1_000, keys: 10_000, hotKeys: 20, takeOverSlackMs: 1_000 };
const short = { ...full, events: 20_000, keys: 1_000 };
// Machines that run tests do other work at the same time.
const test = { ...short, events: 1_500, perSecond: 500, keys: 200, takeOverSlackMs: 10_000 };

/** The faults of the outbox, in the order of the report. */
export const outboxScenarios: readonly OutboxScenario[] = [
  {
    fault: 'F23',
    name: 'outbox-writers',
    title:
      'SIGKILL of one of four processes with four writers each, while 20 % of the transactions roll back, and a new process',
    buses: ['postgres', 'mariadb'],
    sizes: {
      test: { ...test, faults: { ...none, writerKills: 4 } },
      short: { ...short, faults: { ...none, writerKills: 10 } },
      full: { ...full, faults: { ...none, writerKills: 50 } },
    },
  },
  {
    fault: 'F24',
    name: 'outbox-relay',
    title:
      'SIGKILL of the active one of two relays and a new relay, SIGSTOP of it for longer than its lease, and SIGKILL of the database, while 16 writers write',
    buses: ['postgres', 'mariadb'],
    sizes: {
      test: { ...test, faults: { ...none, relayKills: 2, relayFreezes: 1, databaseKills: 1 } },
      short: { ...short, faults: { ...none, relayKills: 10, relayFreezes: 2, databaseKills: 1 } },
      full: { ...full, faults: { ...none, relayKills: 50, relayFreezes: 10, databaseKills: 5 } },
    },
  },
];
