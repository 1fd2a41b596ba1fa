import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../process/free-port.js';
import { startFaultProxy } from '../proxy/start-fault-proxy.js';
import { askKafka } from './ask-kafka.js';
import { clientOf, read, send } from './kafka-client.test-support.js';
import { kafkaOrReason } from './kafka-or-reason.js';
import type { KafkaServer } from './kafka-server.js';

const kafka = await kafkaOrReason({ own: true });

describe.skipIf(kafka.reason)(kafka.titled('startKafka'), () => {
  let server: KafkaServer;

  beforeAll(async () => {
    server = await kafka.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('gives a broker that stores and returns messages at its address', async () => {
    expect(server.bootstrapServers).toBe(`${server.host}:${server.port}`);
    expect(['docker', 'package']).toContain(server.chosen);
    const client = clientOf(server);
    await send(client, 'first', 'one', 'two');
    expect(await read(client, 'first', 2)).toEqual(['one', 'two']);
  });

  it('keeps data over restart and SIGKILL, on the same port', async () => {
    const { port } = server;
    const client = clientOf(server);
    await send(client, 'kept', 'one');
    await server.restart();
    await send(client, 'kept', 'two');
    await server.kill();
    expect(await askKafka(server, 100)).toBeUndefined();
    await server.start();
    expect(server.port).toBe(port);
    expect(await read(client, 'kept', 2)).toEqual(['one', 'two']);
  });

  it('accepts connections and does not answer while frozen', async () => {
    await server.freeze();
    expect(await askKafka(server, 100)).toBeUndefined();
    await server.unfreeze();
    expect(await askKafka(server, 1000)).toMatchObject({ brokers: [1] });
    await vi.waitFor(() => send(clientOf(server), 'thawed', 'one'), 10_000);
  });

  it('starts a second one at the same time, whose clients all go through a proxy', async () => {
    const port = await freePort();
    await using behind = await kafka.start({ advertised: { host: '127.0.0.1', port } });
    await using proxy = await startFaultProxy({ target: behind.advertised, port });
    expect(new Set([server.port, behind.port, behind.advertised.port, proxy.port]).size).toBe(4);
    const admin = clientOf({ bootstrapServers: `${proxy.host}:${proxy.port}` }).admin();
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    expect(brokers).toMatchObject([{ host: '127.0.0.1', port }]);
    expect(await admin.listTopics()).not.toContain('first');
    await admin.disconnect();
    await send(clientOf(behind), 'direct', 'one');
  });
});

const former = await kafkaOrReason({ edition: 'kafka-3.9' });

describe.skipIf(former.reason)(former.titled('startKafka with the edition kafka-3.9'), () => {
  it('starts that broker', async () => {
    await using server = await former.start();
    const client = clientOf(server);
    await send(client, 'old', 'one');
    expect(await read(client, 'old', 1)).toEqual(['one']);
  });
});
