import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { kafkaOrReason, redisOrReason, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { schemaOf } from '@openedx-ts/events-avro';
import { runCli } from '@openedx-ts/events-cli';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { casesOf, outcomeOf } from '../exchange.js';
import type { InteropBus, InteropPlan } from '../interop-bus.js';
import { kafkaInteropBus } from '../kafka/kafka-interop-bus.js';
import { pythonOrReason } from '../python-environment.js';
import { PythonPeer } from '../python-peer.js';
import { pythonToTypeScript } from '../python-to-typescript.js';
import { redisInteropBus } from '../redis/redis-interop-bus.js';
import { typeScriptToPython } from '../typescript-to-python.js';
import { bookLent } from './book-lent.test-support.js';

const redis = await redisOrReason();
const kafka = await kafkaOrReason();
const { python, reason: noPython } = await pythonOrReason();

const { eventType } = bookLent;
const folder = mkdtempSync(join(tmpdir(), 'exported-event-'));
const file = join(folder, 'book_lent.py');

beforeAll(async () => {
  let text = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const io = {
    stdin: Readable.from([]),
    stdout,
    stderr: new Writable({ write: (_a, _b, done) => done() }),
    cwd: folder,
  };
  const code = await runCli(['export', 'python', eventType], {
    ...io,
    abortSignal: new AbortController().signal,
  });
  expect(code).toBe(0);
  writeFileSync(file, text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeExchange('Redis', redis.reason ?? noPython, async () => redisInteropBus(await redis.start()));
describeExchange('Kafka', kafka.reason ?? noPython, async (plan) => {
  const [server, registry] = await Promise.all([kafka.start(), startFakeSchemaRegistry()]);
  return kafkaInteropBus({ server, registry, python, plan });
});

function describeExchange(
  over: string,
  reason: string | undefined,
  start: (plan: InteropPlan) => Promise<InteropBus>,
): void {
  describe.skipIf(reason !== undefined)(
    `an event exported to Python, over ${over}${reason === undefined ? '' : ` (${reason})`}`,
    () => {
      it('has the same schema there, and arrives as it was sent, both ways', async () => {
        const topicPrefix = `exported-${randomUUID().slice(0, 8)}`;
        const topics = { toPython: 'from-typescript', toTypeScript: 'from-python' };
        const pythonGroup = `${topicPrefix}-python`;
        await using bus = await start({ topicPrefix, topics, pythonGroup });
        const routes = {
          [eventType]: { [topics.toTypeScript]: { event_key_field: 'loan.number', enabled: true } },
        };
        const settings = {
          EVENTS_SERVICE_NAME: 'exported',
          EVENT_BUS_TOPIC_PREFIX: topicPrefix,
          EVENT_BUS_PRODUCER_CONFIG: JSON.stringify(routes),
          INTEROP_EVENTS: file,
          ...bus.settings,
        };
        const peer = (script: string, ...args: readonly string[]) =>
          new PythonPeer({ python, script, args, settings });
        await using consumer = peer(
          'consume.py',
          topics.toPython,
          pythonGroup,
          JSON.stringify(bus.consumerExtra),
        );
        await using producer = peer('produce.py');
        const cases = casesOf([bookLent as never]);
        const common = { cases, bus, topicPrefix, abortSignal: AbortSignal.timeout(60_000) };
        const toPython = await typeScriptToPython({ ...common, topic: topics.toPython, consumer });
        const toTypeScript = await pythonToTypeScript({ ...common, topic: topics.toTypeScript, producer });
        const same = { full: [], sparse: [], falsy: [] };
        expect(producer.lines[0]?.definitions?.[eventType]?.schema).toBe(schemaOf(bookLent as never).text);
        expect(outcomeOf(toTypeScript, eventType)).toEqual(same);
        expect(outcomeOf(toPython, eventType)).toEqual({ ...same, falsy: lostInPython });
      }, 240_000);
    },
  );
}

/** As of every field that may be null: Python reads what is falsy as null. */
const lostInPython = ['loan.reader.floor: 0 → null', 'loan.guarantor.floor: 0 → null'];
