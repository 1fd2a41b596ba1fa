import {
  freePort,
  kafkaOrReason,
  schemaRegistryOrReason,
  startFakeSchemaRegistry,
} from '@openedx-ts/brokers';
import { afterEach, describe, expect, it } from 'vitest';
import { isAlive, killDemos, runDemo } from './demo-command.test-support.js';

const kafka = await kafkaOrReason({ own: true });
const registry = await schemaRegistryOrReason({ own: true });
const reason = kafka.reason ?? registry.reason;

describe.skipIf(reason !== undefined)(
  `the demo on Kafka${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    afterEach(killDemos);

    const runOnKafka = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
      runDemo(['--bus', 'kafka', ...args], {
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: '',
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: '',
        ...env,
      });

    it('brings a Kafka and a registry, and lets two processes exchange every event', async () => {
      const { ended, stdout, stderr } = runOnKafka(['--events', '200', '--json']);
      expect(await ended, stderr()).toEqual([0, null]);
      expect(stderr()).toMatch(
        /^(?:Kafka|Schema registry) for tests: .+\n(?:Kafka|Schema registry) for tests: .+\ndemo: enrollment-service is process \d+, .+ \d+\n$/,
      );
      const summary = JSON.parse(stdout());
      expect(summary).toMatchObject({ bus: 'kafka', sent: 224, delivered: 224, lost: 0, mismatches: [] });
      expect(summary.types[0]).toMatchObject({ over: 'kafka', sent: 180, delivered: 180 });
    });

    it('uses the Kafka and the registry that the environment names, and stops all processes at Ctrl-C', async () => {
      await using server = await kafka.start();
      await using schemas = await startFakeSchemaRegistry();
      const { demo, ended, stderr } = runOnKafka(['--events', '1000000'], {
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.bootstrapServers,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: schemas.url,
      });
      await expect.poll(stderr, { timeout: 60_000 }).toContain('is process');
      expect(stderr()).toMatch(
        /^demo: using the Kafka of EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS\ndemo: using the schema registry of EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL\n/,
      );
      const pids = [...stderr().matchAll(/is process (\d+)/g)].map(([, pid]) => Number(pid));
      expect(pids.map(isAlive)).toEqual([true, true]);
      await expect.poll(() => schemas.count(/^GET \/schemas\/ids/), { timeout: 60_000 }).toBeGreaterThan(0);
      demo.kill('SIGINT');
      expect(await ended, stderr()).toEqual([130, null]);
      expect(stderr()).toMatch(
        /demo: interrupted after \d+ sent and \d+ delivered; both services are stopped\n$/,
      );
      expect(pids.map(isAlive)).toEqual([false, false]);
    });

    it('reports why the named Kafka cannot be used', async () => {
      const { ended, stderr } = runOnKafka(['--events', '1'], {
        EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${await freePort()}`,
        EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: `http://127.0.0.1:${await freePort()}`,
      });
      expect(await ended, stderr()).toEqual([3, null]);
      expect(stderr()).toContain('is the address right (EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS)');
    });
  },
);
