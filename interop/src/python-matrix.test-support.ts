import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { schemaOf } from '@openedx-ts/events-avro';
import { allSignals, configureEvents, getSignalByType } from '@openedx-ts/events-core';
import { noTelemetry } from '@openedx-ts/events-core/bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crateSealed } from './crate-sealed.js';
import { casesOf, type Exchange, type Outcome, outcomeOf } from './exchange.js';
import type { EventOnBus, InteropBus, InteropPlan } from './interop-bus.js';
import { matrixText } from './interop-matrix.js';
import { parcelShipped } from './parcel-shipped.js';
import { pythonLosses, sparseLosses, sparseRefusals } from './python-losses.js';
import { type PythonDefinition, PythonPeer } from './python-peer.js';
import { pythonToTypeScript } from './python-to-typescript.js';
import { fillings } from './sample-records.js';
import { typeScriptToPython } from './typescript-to-python.js';
import '@openedx-ts/events-catalog/all';

export interface PythonMatrixOptions {
  /** What the events go over: `Redis`. */
  readonly over: string;
  /** The Python packages, with their versions. */
  readonly packages: string;
  /** The interpreter. */
  readonly python: string;
  /** Why it cannot be run here. */
  readonly reason: string | undefined;
  start(plan: InteropPlan): Promise<InteropBus>;
  /** Names of headers or fields, in order: of all events of Python, and what ours have behind them. */
  readonly names: { readonly python: string; readonly ours: readonly string[] };
  /** Event types that these versions cannot put on a bus, and why. */
  readonly notInPython: Readonly<Record<string, string>>;
  /** Event types that cannot go this way, and why. */
  readonly refused?: Readonly<Record<string, string>>;
  /** The event types to exchange. Default: all that Python can put on a bus. */
  readonly only?: readonly string[];
}

/**
 * Every event type that Python can put on a bus, or some of them, from `sendEvent` here to a receiver of `consume_events`,
 * and from Python's `send_event` to a receiver here. Ends with a matrix on stderr.
 */
export function describePythonMatrix(options: PythonMatrixOptions): void {
  const { over, packages, python, reason, start, names, notInPython, refused = {} } = options;
  const known = allSignals()
    .map(({ eventType }) => eventType)
    .filter((eventType) => notInPython[eventType] === undefined)
    .sort();
  const exchanged = options.only ?? known;
  const eventTypes = exchanged.filter((eventType) => refused[eventType] === undefined);
  const cases = casesOf(allSignals().filter(({ eventType }) => eventTypes.includes(eventType)));

  describe.skipIf(reason !== undefined)(
    `${over} between TypeScript and ${packages}${reason === undefined ? '' : ` (${reason})`}`,
    () => {
      const topicPrefix = `interop-${randomUUID().slice(0, 8)}`;
      const topics = { toPython: 'from-typescript', toTypeScript: 'from-python' };
      const pythonGroup = `${topicPrefix}-python`;
      let definitions: Readonly<Record<string, PythonDefinition>>;
      let toPython: Exchange;
      let toTypeScript: Exchange;
      let found: ReadonlyMap<string, EventOnBus>;

      beforeAll(async () => {
        await using bus = await start({ topicPrefix, topics, pythonGroup });
        using _settings = configureEvents({
          serviceName,
          telemetry: { ...noTelemetry, traceContext: () => trace },
        });
        const peer = (script: string, ...args: readonly string[]) =>
          new PythonPeer({
            python,
            script,
            args,
            settings: {
              EVENTS_SERVICE_NAME: serviceName,
              EVENT_BUS_TOPIC_PREFIX: topicPrefix,
              EVENT_BUS_PRODUCER_CONFIG: JSON.stringify(routesTo(topics.toTypeScript)),
              ...bus.settings,
            },
          });
        await using consumer = peer(
          'consume.py',
          topics.toPython,
          pythonGroup,
          JSON.stringify(bus.consumerExtra),
        );
        await using producer = peer('produce.py');
        const common = { cases, bus, topicPrefix, abortSignal: AbortSignal.timeout(60_000) };
        toPython = await typeScriptToPython({ ...common, topic: topics.toPython, consumer });
        toTypeScript = await pythonToTypeScript({ ...common, topic: topics.toTypeScript, producer });
        definitions = producer.lines[0]?.definitions ?? {};
        found = await bus.read(Object.values(topics).map((topic) => `${topicPrefix}-${topic}`));
      });

      afterAll(() => {
        const rows = exchanged.map((eventType) => {
          const why = refused[eventType];
          if (why !== undefined) return notRun(eventType, `not over this one: ${why}`);
          const inPython = inPythonOf(eventType);
          const inTypeScript = inTypeScriptOf(eventType);
          return {
            eventType,
            toPython: verdict(toPython, eventType, inPython),
            toTypeScript: verdict(toTypeScript, eventType, inTypeScript),
            remarks: [...inPython.falsy, ...inTypeScript.sparse],
          };
        });
        const others = Object.entries(notInPython).map(([eventType, why]) =>
          notRun(eventType, `on no bus: ${why}`),
        );
        const title = `Over ${over}, against ${packages}:`;
        process.stderr.write(matrixText(title, [...rows, ...others]));
      });

      it('covers every event that this Python can put on a bus, one of them listed by mistake, and those of our own', () => {
        const serializable = Object.entries(definitions).filter(([, { schema }]) => schema !== undefined);
        expect(serializable.map(([eventType]) => eventType).sort()).toEqual(known);
        expect(known).toContain(parcelShipped.eventType);
        expect(known.includes(crateSealed.eventType)).toBe(!(crateSealed.eventType in notInPython));
        expect(known.filter((eventType) => definitions[eventType]?.is_listed_unserializable)).toEqual([
          'org.openedx.learning.external_grader.score.submitted.v1',
        ]);
      });

      it.each(known)('%s has the same schema on both sides', (eventType) => {
        expect(schemaOf(getSignalByType(eventType)).text).toBe(definitions[eventType]?.schema);
      });

      it.each(eventTypes)(
        '%s arrives in Python as it was sent, but for what Python is known to lose',
        (eventType) => {
          expect(outcomeOf(toPython, eventType)).toEqual(inPythonOf(eventType));
        },
      );

      it.each(eventTypes)(
        '%s arrives in TypeScript as Python sent it, if Python can send it',
        (eventType) => {
          expect(outcomeOf(toTypeScript, eventType)).toEqual(inTypeScriptOf(eventType));
        },
      );

      it.each(eventTypes)('%s has the same bytes from both sides', (eventType) => {
        const sent = fillings.filter((filling) => !toTypeScript.refused.has(`${eventType} ${filling}`));
        const bytes = (exchange: Exchange) =>
          sent.map((filling) => onBus(exchange, `${eventType} ${filling}`)?.bytes);
        expect(bytes(toPython)).toEqual(bytes(toTypeScript));
        expect(bytes(toPython)).not.toContain(undefined);
      });

      it('has what Python adds first, in its order, and ours behind it', () => {
        const layouts = (exchange: Exchange) =>
          new Set([...exchange.sent.keys()].map((name) => onBus(exchange, name)?.names.join(' ')));
        expect(layouts(toTypeScript)).toEqual(new Set([names.python]));
        expect(layouts(toPython)).toEqual(new Set(names.ours.map((ours) => `${names.python} ${ours}`)));
      });

      function onBus(exchange: Exchange, name: string): EventOnBus | undefined {
        return found.get(exchange.sent.get(name)?.metadata.id ?? '');
      }
    },
  );

  function routesTo(topic: string): object {
    return Object.fromEntries(
      cases.map(({ signal: { eventType, about } }) => [
        eventType,
        { [topic]: { event_key_field: about.eventKeyField, enabled: true } },
      ]),
    );
  }
}

const serviceName = 'sérvice-学';
const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

/** What comes of an event of the type in Python. */
function inPythonOf(eventType: string): Outcome {
  return { full: [], sparse: sparseLosses[eventType] ?? [], falsy: pythonLosses[eventType] ?? [] };
}

/** What comes of one of Python here. */
function inTypeScriptOf(eventType: string): Outcome {
  return { full: [], sparse: sparseRefusals[eventType] ?? [], falsy: [] };
}

function notRun(eventType: string, remark: string) {
  return { eventType, toPython: '–', toTypeScript: '–', remarks: [remark] };
}

function verdict(exchange: Exchange | undefined, eventType: string, expected: Outcome): string {
  if (exchange === undefined) return 'not run';
  return isDeepStrictEqual(outcomeOf(exchange, eventType), expected) ? 'ok' : 'FAILED';
}
