import type { EncodedEvent } from '@openedx-ts/events-core/bus';
import type { SqlDialect } from '@openedx-ts/events-sql';
import { measure, median, type Rates, ratio } from '../measure.js';
import type { Part } from '../part.js';
import { type MeasuredBus, startBuses } from './buses.js';
import { type CountedSubjects, countingCpu } from './counting-cpu.js';
import { idleLag, type Lag } from './idle-lag.js';
import { type OutboxDatabase, startOutboxDatabase } from './outbox-database.js';
import { databaseSubject, relaySubjects } from './relay-subjects.js';
import { sampleEvents, schemasOf } from './sample-events.js';
import { statementsOf } from './statements.js';
import { writerSubjects } from './writer-subjects.js';

/** The outbox: its relay against the bus alone, its writers against a plain insert, and how long an event waits. */
export const outboxPart: Part = {
  run: async () => {
    const buses = await startBuses();
    try {
      const events = await sampleEvents(eventsOfRound, keys);
      const postgres = await measureDatabase('postgres', buses, events);
      const mariadb = await measureDatabase('mysql', buses.slice(0, 1), events);
      return [
        `Median of ${timing.rounds} rounds; ${eventsOfRound.toLocaleString('en-US')} events of ${keys.toLocaleString('en-US')} keys and one topic in a round of a relay.`,
        ...['', '**PostgreSQL**', '', postgres, '', '**MariaDB**', '', mariadb],
      ].join('\n');
    } finally {
      for (const bus of buses) await bus[Symbol.asyncDispose]();
    }
  },
};

async function measureDatabase(
  dialect: SqlDialect,
  buses: readonly MeasuredBus[],
  events: readonly EncodedEvent[],
): Promise<string> {
  await using outbox = await startOutboxDatabase(dialect);
  await outbox.store.storeSchemas(outbox.database, schemasOf(events));
  const relays = buses.flatMap((bus) => relaySubjects(outbox, bus, events));
  const counted = countingCpu([databaseSubject(outbox, events), ...relays]);
  const relayRates = await measure(counted.subjects, timing);
  const statements = [
    await statementsOf(outbox, events.slice(0, 1)),
    await statementsOf(outbox, events.slice(0, 1_000)),
  ];
  const writers = await measureWriters(outbox, events.slice(0, keys));
  await outbox.empty('event_outbox');
  const nudged = await idleLag(outbox, events, { isNudged: true, samples: lagSamples });
  const polled = await idleLag(outbox, events, { isNudged: false, samples: lagSamples });
  return [
    '| what | per second | CPU time of the process | against | bar |',
    '|---|---|---|---|---|',
    ...buses.map((bus) => relayRow(relayRates, counted, bus)),
    `| the statements of the relay alone, no bus | ${perSecond(relayRates, 'database alone')} | ${cpu(counted, 'database alone')} | – | – |`,
    ...writerRows(writers),
    '',
    '| statements that the outbox adds to a transaction | 1 event | 1,000 events | bar |',
    '|---|---|---|---|',
    `| append | ${statements.join(' | ')} | ≤ ${dialect === 'postgres' ? 1 : 2} |`,
    '',
    '| from COMMIT to the bus, when idle | p50 | p99 | bar |',
    '|---|---|---|---|',
    lagRow('relay in the process of the writer', nudged, '≤ 50 ms'),
    lagRow('relay in another process, by polling alone', polled, '≤ 250 ms'),
  ].join('\n');
}

interface MeasuredWriters {
  readonly rates: Rates;
  readonly counted: CountedSubjects;
}

async function measureWriters(
  outbox: OutboxDatabase,
  events: readonly EncodedEvent[],
): Promise<MeasuredWriters> {
  await using writers = await writerSubjects(outbox, events);
  const counted = countingCpu(writers.subjects);
  return { rates: await measure(counted.subjects, timing), counted };
}

function relayRow(rates: Rates, counted: CountedSubjects, { name, bar }: MeasuredBus): string {
  const [relay, alone] = [`relay on ${name}`, `publishEncoded on ${name}`];
  const of = `${ratio(rates, relay, alone).toFixed(2)} × its \`publishEncoded\``;
  const times = `${cpu(counted, relay)}, of \`publishEncoded\` alone ${cpu(counted, alone)}`;
  return `| ${relay}, events | ${perSecond(rates, relay)} | ${times} | ${of} | ≥ ${bar} |`;
}

function writerRows({ rates, counted }: MeasuredWriters): readonly string[] {
  const row = (what: string, subject: string, bar: string) =>
    `| ${what} | ${perSecond(rates, subject)} | ${cpu(counted, subject)} | ${ratio(rates, subject, 'plain insert').toFixed(2)} × plain insert | ${bar} |`;
  return [
    row('transactions of 16 writers with an event, 1,000 keys', 'outbox', '≥ 0.85'),
    row('the same, all events of one key', 'outbox, one key', '–'),
    `| the same with a plain insert of the same bytes | ${perSecond(rates, 'plain insert')} | ${cpu(counted, 'plain insert')} | – | – |`,
  ];
}

function lagRow(what: string, { p50, p99 }: Lag, bar: string): string {
  return `| ${what} | ${p50.toFixed(1)} ms | ${p99.toFixed(1)} ms | ${bar} |`;
}

function cpu(counted: CountedSubjects, subject: string): string {
  return `${counted.microseconds(subject).toFixed(1)} µs`;
}

function perSecond(rates: Rates, subject: string): string {
  return Math.round(median(rates.get(subject) ?? [])).toLocaleString('en-US');
}

const timing = { rounds: 5, roundMs: 500 };
const eventsOfRound = 20_000;
const keys = 1_000;
const lagSamples = 200;
