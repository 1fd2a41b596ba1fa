import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { redisOrReason } from '@openedx-ts/brokers';
import { schemaOf } from '@openedx-ts/events-avro';
import { allSignals, configureEvents, getSignalByType, noTelemetry } from '@openedx-ts/events-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { casesOf, type Exchange, outcomeOf } from './exchange.js';
import { matrixText } from './interop-matrix.js';
import { notInPython } from './not-in-python.js';
import { parcelShipped } from './parcel-shipped.js';
import { pythonOrReason } from './python-environment.js';
import { pythonLosses } from './python-losses.js';
import { type PythonDefinition, PythonPeer } from './python-peer.js';
import { pythonToTypeScript } from './python-to-typescript.js';
import { fillings } from './sample-records.js';
import { type Entry, entriesById, recordIn } from './stream-entries.js';
import { typeScriptToPython } from './typescript-to-python.js';
import '@openedx-ts/events-catalog/all';

const redis = await redisOrReason();
const peer = await pythonOrReason();
const reason = redis.reason ?? peer.reason;

/** Different in each run: the server may be one that others use as well. */
const topicPrefix = `interop-${randomUUID().slice(0, 8)}`;
const topics = { toPython: 'from-typescript', toTypeScript: 'from-python' };
const version = '10.5.0';

const eventTypes = allSignals()
  .map(({ eventType }) => eventType)
  .filter((eventType) => notInPython[eventType] === undefined)
  .sort();

const cases = casesOf(allSignals().filter(({ eventType }) => eventTypes.includes(eventType)));

describe.skipIf(reason !== undefined)(
  `Redis between TypeScript and Python${reason ? ` (${reason})` : ''}`,
  () => {
    let definitions: Readonly<Record<string, PythonDefinition>>;
    let toPython: Exchange;
    let toTypeScript: Exchange;
    let entries: ReadonlyMap<string, Entry>;

    beforeAll(async () => {
      await using server = await redis.start();
      using _settings = configureEvents({
        serviceName: 'sérvice-学',
        telemetry: { ...noTelemetry, traceContext: () => trace },
      });
      await using consumer = peerOf('consume.py', [topics.toPython, 'interop-python'], server.url);
      await using producer = peerOf('produce.py', [], server.url);
      const common = { cases, url: server.url, topicPrefix, abortSignal: AbortSignal.timeout(40_000) };
      toPython = await typeScriptToPython({ ...common, topic: topics.toPython, consumer });
      toTypeScript = await pythonToTypeScript({ ...common, topic: topics.toTypeScript, producer });
      definitions = producer.lines[0]?.definitions ?? {};
      entries = await entriesById(
        server.url,
        Object.values(topics).map((topic) => `${topicPrefix}-${topic}`),
      );
    });

    afterAll(() => {
      const rows = eventTypes.map((eventType) => ({
        eventType,
        toPython: toPython === undefined ? 'not run' : verdict(toPython, eventType, lossesOf(eventType)),
        toTypeScript: toTypeScript === undefined ? 'not run' : verdict(toTypeScript, eventType, []),
        remarks: lossesOf(eventType),
      }));
      const others = Object.entries(notInPython).map(([eventType, why]) => ({
        eventType,
        toPython: '–',
        toTypeScript: '–',
        remarks: [`on no bus: ${why}`],
      }));
      const title = `Over Redis, against openedx-events ${version} and edx-event-bus-redis 0.6.1:`;
      process.stderr.write(matrixText(title, [...rows, ...others]));
    });

    it('covers every event that this Python can put on a bus: 63, one that it has listed by mistake, and one of our own', () => {
      const serializable = Object.entries(definitions).filter(([, { schema }]) => schema !== undefined);
      expect(serializable.map(([eventType]) => eventType).sort()).toEqual(eventTypes);
      expect(eventTypes).toHaveLength(65);
      expect(eventTypes).toContain(parcelShipped.eventType);
      expect(eventTypes.filter((eventType) => definitions[eventType]?.is_listed_unserializable)).toEqual([
        'org.openedx.learning.external_grader.score.submitted.v1',
      ]);
    });

    it.each(eventTypes)('%s has the same schema on both sides', (eventType) => {
      expect(schemaOf(getSignalByType(eventType)).text).toBe(definitions[eventType]?.schema);
    });

    it.each(eventTypes)(
      '%s arrives in Python as it was sent, but for what Python is known to lose',
      (eventType) => {
        const expected = { full: [], sparse: [], falsy: lossesOf(eventType) };
        expect(outcomeOf(toPython, eventType)).toEqual(expected);
      },
    );

    it.each(eventTypes)('%s arrives in TypeScript as Python sent it', (eventType) => {
      expect(outcomeOf(toTypeScript, eventType)).toEqual({ full: [], sparse: [], falsy: [] });
    });

    it.each(eventTypes)('%s has the same bytes from both sides', (eventType) => {
      const records = (exchange: Exchange) =>
        fillings.map((filling) => recordIn(entryOf(exchange, `${eventType} ${filling}`)));
      expect(records(toPython)).toEqual(records(toTypeScript));
      expect(records(toPython)).not.toContain(undefined);
    });

    it('has the fields of Python first, in their order, and ours behind them', () => {
      const layouts = (exchange: Exchange) =>
        new Set(
          cases.map(({ name }) =>
            entryOf(exchange, name)
              .map(([field]) => field)
              .join(' '),
          ),
        );
      const common = 'type id source time minorversion sourcehost sourcelib event_data';
      expect(layouts(toTypeScript)).toEqual(new Set([common]));
      const ours = 'traceparent event_key schema_fp';
      expect(layouts(toPython)).toEqual(
        new Set([`${common} ${ours}`, `${common} correlationid causationid ${ours}`]),
      );
    });

    function entryOf(exchange: Exchange, name: string): Entry {
      return entries.get(exchange.sent.get(name)?.metadata.id ?? '') ?? [];
    }
  },
);

const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

function peerOf(script: string, args: readonly string[], url: string): PythonPeer {
  const routes = Object.fromEntries(
    cases.map(({ signal: { eventType, about } }) => [
      eventType,
      { [topics.toTypeScript]: { event_key_field: about.eventKeyField, enabled: true } },
    ]),
  );
  const connection = new URL(url);
  // The default of redis-py 8, 5 s, is shorter than the consumer's blocking read.
  connection.searchParams.set('socket_timeout', '90');
  return new PythonPeer({
    python: peer.python,
    script,
    args,
    settings: {
      EVENTS_SERVICE_NAME: 'sérvice-学',
      EVENT_BUS_TOPIC_PREFIX: topicPrefix,
      EVENT_BUS_PRODUCER_CONFIG: JSON.stringify(routes),
      EVENT_BUS_REDIS_CONNECTION_URL: connection.href,
    },
  });
}

function lossesOf(eventType: string): readonly string[] {
  return pythonLosses[eventType] ?? [];
}

function verdict(exchange: Exchange, eventType: string, losses: readonly string[]): string {
  const expected = { full: [], sparse: [], falsy: losses };
  return isDeepStrictEqual(outcomeOf(exchange, eventType), expected) ? 'ok' : 'FAILED';
}
