import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { redisOrReason, runKubernetesValidate, runTutor } from '@openedx-ts/brokers';
import { recordFromJson, recordToJson } from '@openedx-ts/events-avro';
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { loadCatalogSignal } from '@openedx-ts/events-catalog/loader';
import { eventBusSettings, startEventBus } from '@openedx-ts/events-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { pythonOrReason } from '../python-environment.js';
import { PythonPeer } from '../python-peer.js';
import { sampleRecord } from '../sample-records.js';

const plugin = fileURLToPath(new URL('../../../deploy/tutor/openedx_events_service.py', import.meta.url));
const redis = await redisOrReason();
const { python, reason: noPython } = await pythonOrReason();
const reason = redis.reason ?? noPython;
const name = 'my-service';
const { eventType } = COURSE_CREATED;
const routeTo = (topic: string) =>
  JSON.stringify({ [eventType]: { [topic]: { event_key_field: 'course.course_key', enabled: true } } });

describe.skipIf(reason !== undefined)(
  `the plugin for Tutor${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'tutor-'));
    const rendered = (file: string) => readFileSync(join(folder, 'env', file), 'utf8');
    const tutor = async (...args: readonly string[]) => {
      const { code, output } = await runTutor(folder, args);
      if (code !== 0) throw new Error(`tutor ${args.join(' ')}: ${output}`);
    };
    const environment = () =>
      (parse(rendered('local/docker-compose.yml')) as Compose).services[name]?.environment ?? {};

    beforeAll(async () => {
      await tutor('config', 'save');
      await tutor('plugins', 'install', plugin);
      await tutor('plugins', 'enable', 'openedx_events_service');
      const own = { EVENT_BUS_PRODUCER_CONFIG: routeTo('from-typescript'), A_SECRET: 'a "$b" c' };
      await tutor('config', 'save', '--set', `EVENTS_SERVICE_ENV=${JSON.stringify(own)}`);
    });

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('gives the service the settings of the event bus that the platform has', () => {
      const platform = rendered('apps/openedx/settings/lms/production.py');
      const settings = [...platform.matchAll(/^(EVENT_BUS_\w+) = '(.*)'$/gm)];
      expect(settings.map(([, setting]) => setting)).toContain('EVENT_BUS_REDIS_CONNECTION_URL');
      expect(environment()).toMatchObject(Object.fromEntries(settings.map(([, ...pair]) => pair)));
      expect(environment()).toMatchObject({ EVENTS_SERVICE_NAME: name, A_SECRET: 'a "$$b" c' });
    });

    it('renders a deployment that fits the schemas of Kubernetes, with the same environment', async () => {
      const manifests = parseAllDocuments(rendered('k8s/deployments.yml'));
      const deployment = manifests.map((one) => one.toJS() as Manifest).find(isOfService);
      const [container] = deployment?.spec?.template?.spec.containers ?? [];
      expect(Object.fromEntries(container?.env.map(({ name, value }) => [name, value]) ?? [])).toEqual({
        ...environment(),
        A_SECRET: 'a "$b" c',
      });
      const file = join(folder, 'env/k8s/deployments.yml');
      const { code, output } = await runKubernetesValidate(['--no-warn', file]);
      expect(output).not.toMatch(new RegExp(`ERROR.*${name}|Traceback`));
      expect(code).toBe(0);
    });

    it('lets the service exchange an event with Python each way', async () => {
      await using server = await redis.start();
      const { host } = new URL(server.url);
      const env: Record<string, string> = { ...environment() };
      const url = env.EVENT_BUS_REDIS_CONNECTION_URL ?? '';
      expect(url).toContain('redis:6379'); // a name that only the network of Tutor has
      env.EVENT_BUS_REDIS_CONNECTION_URL = url.replace('redis:6379', host);
      const peer = (script: string, ...args: readonly string[]) =>
        new PythonPeer({ python, script, args, settings: { ...env, ...peerSettings(env) } });
      const abortSignal = AbortSignal.timeout(120_000);

      await using bus = await startEventBus({ ...eventBusSettings(env), loadSignal: loadCatalogSignal });
      const data = recordFromJson(COURSE_CREATED, sampleRecord(COURSE_CREATED, 'full'));
      await COURSE_CREATED.sendEvent(data as never);
      const extra = JSON.stringify({ consumer_name: 'tutor', check_backlog: true });
      await using receiver = peer('consume.py', 'from-typescript', 'python', extra);
      await receiver.untilLines(2, abortSignal);
      expect(receiver.lines[1]).toMatchObject({ data: recordToJson(COURSE_CREATED, data as never) });

      const received: object[] = [];
      using _connection = COURSE_CREATED.connect((event) => {
        if (event.fromEventBus) received.push(recordToJson(COURSE_CREATED, event.data));
      });
      const consumer = await bus.createConsumer({
        topics: ['from-python'],
        groupId: name,
        startFrom: 'earliest',
      });
      const running = consumer.run();
      await using sender = peer('produce.py');
      const sent = sampleRecord(COURSE_CREATED, 'falsy');
      sender.write({
        case: 'one',
        event_type: eventType,
        time: '2026-11-28T10:00:00.000000+00:00',
        data: sent,
      });
      await sender.untilLines(1, abortSignal, (line) => line.case === 'one');
      await expect.poll(() => received, { timeout: 60_000 }).toEqual([sent]);
      await consumer.close();
      await running;
    });
  },
);

/** What the test's Python has besides: its own route, and a blocking read that its client does not end. */
function peerSettings(env: Readonly<Record<string, string>>): Record<string, string> {
  const connection = new URL(env.EVENT_BUS_REDIS_CONNECTION_URL ?? '');
  connection.searchParams.set('socket_timeout', '90');
  return {
    EVENT_BUS_REDIS_CONNECTION_URL: connection.href,
    EVENT_BUS_PRODUCER_CONFIG: routeTo('from-python'),
  };
}

function isOfService({ kind, metadata }: Manifest): boolean {
  return kind === 'Deployment' && metadata?.name === name;
}

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly environment: Readonly<Record<string, string>> } | undefined>
  >;
}

interface Manifest {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly template?: {
      readonly spec: {
        readonly containers: readonly {
          readonly env: readonly { readonly name: string; readonly value: string }[];
        }[];
      };
    };
  };
}
