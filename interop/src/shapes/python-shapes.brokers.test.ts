import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RedisServer, redisOrReason } from '@openedx-ts/brokers';
import { afterAll, describe, expect, it } from 'vitest';
import { casesOf } from '../exchange.js';
import { pythonOrReason } from '../python-environment.js';
import { PythonPeer } from '../python-peer.js';
import { pythonToTypeScript } from '../python-to-typescript.js';
import { redisInteropBus } from '../redis/redis-interop-bus.js';
import { runCommand } from '../run-command.test-support.js';
import { typeScriptToPython } from '../typescript-to-python.js';
import { shapeEvents } from './shape-events.test-support.js';
import { type ShapeRun, shapeTable } from './shape-table.js';

const redis = await redisOrReason();
const newest = await pythonOrReason();
const earlier = await pythonOrReason('requirements-10.5.txt');
const reason = redis.reason ?? newest.reason ?? earlier.reason;
const folder = mkdtempSync(join(tmpdir(), 'shapes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(reason !== undefined)(`every shape and Python${reason ? ` (${reason})` : ''}`, () => {
  it('fare as the page of parity says; after a change: npx vitest run --project brokers interop/src/shapes --update', async () => {
    const module = join(folder, 'shapes.py');
    const types = [...shapeEvents.values()].map(({ eventType }) => eventType);
    const { code, stdout } = await runCommand(['export', 'python', ...types]);
    expect(code).toBe(0);
    writeFileSync(module, stdout);

    await using server = await redis.start();
    const runs: ShapeRun[] = [];
    for (const [version, { python }] of [
      ['10.5.0', earlier],
      ['11.2.0', newest],
    ] as const) {
      runs.push(await runOf({ version, python, module, server }));
    }
    const page = readFileSync(pageFile, 'utf8');
    const table = shapeTable(shapeEvents, runs);
    await expect(page.replace(section, `$1\n\n${table}\n\n$2`)).toMatchFileSnapshot(pageFile);
  });
});

const pageFile = fileURLToPath(new URL('../../../docs/reference/python-parity.md', import.meta.url));
const section = /(<!-- shapes:.*? -->)[\s\S]*(<!-- end of shapes -->)/;

interface PythonVersion {
  readonly version: string;
  readonly python: string;
  /** The file with the exported events. */
  readonly module: string;
  readonly server: RedisServer;
}

/** Sends the event of each shape that the version has a schema for, both ways. */
async function runOf({ version, python, module, server }: PythonVersion): Promise<ShapeRun> {
  const topicPrefix = `shapes-${randomUUID().slice(0, 8)}`;
  const topics = { toPython: 'from-typescript', toTypeScript: 'from-python' };
  const bus = redisInteropBus(server);
  const routes = [...shapeEvents.values()].map(({ eventType }) => [
    eventType,
    { [topics.toTypeScript]: { event_key_field: 'sent.name', enabled: true } },
  ]);
  const settings = {
    EVENTS_SERVICE_NAME: 'shapes',
    EVENT_BUS_TOPIC_PREFIX: topicPrefix,
    EVENT_BUS_PRODUCER_CONFIG: JSON.stringify(Object.fromEntries(routes)),
    INTEROP_EVENTS: module,
    ...bus.settings,
  };
  const peer = (script: string, ...args: readonly string[]) =>
    new PythonPeer({ python, script, args, settings });
  const group = `${topicPrefix}-python`;
  await using consumer = peer('consume.py', topics.toPython, group, JSON.stringify(bus.consumerExtra));
  await using producer = peer('produce.py');
  const abortSignal = AbortSignal.timeout(60_000);
  await producer.untilLines(1, abortSignal);
  const refused = new Map(
    Object.entries(producer.lines[0]?.definitions ?? {}).flatMap(([eventType, { problem }]) =>
      problem === undefined ? [] : [[eventType, problem]],
    ),
  );
  const cases = casesOf([...shapeEvents.values()].filter(({ eventType }) => !refused.has(eventType)));
  const common = { cases, bus, topicPrefix, abortSignal };
  return {
    version: `openedx-events ${version}`,
    refused,
    toPython: await typeScriptToPython({ ...common, topic: topics.toPython, consumer }),
    toTypeScript: await pythonToTypeScript({ ...common, topic: topics.toTypeScript, producer }),
  };
}
