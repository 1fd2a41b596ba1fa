import { inspect } from 'node:util';
import { InfrastructureError } from '@openedx-ts/events-core';
import { describe, expect, it, vi } from 'vitest';
import { type KafkaProducerOptions, resolveProducerOptions } from '../options/kafka-options.js';
import { Connections } from './connections.js';
import { fakeBroker } from './fake-broker.test-support.js';
import { KafkaAccessError, kafkaErrorType } from './kafka-error.js';
import type { KafkajsBroker } from './kafkajs-broker.js';

/** Connections that no test uses to connect: nothing listens on the port. */
function connections(more: Partial<KafkaProducerOptions> = {}) {
  const options = resolveProducerOptions({
    bootstrapServers: '127.0.0.1:1',
    ...more,
    schemaRegistry: { url: 'http://127.0.0.1:1' },
  });
  const readMetadata = async () => {
    throw new Error('no test reads metadata');
  };
  return new Connections(options, readMetadata);
}
const never = () => new Promise<never>(() => {});

describe('Connections', () => {
  it('returns what the cluster answers', async () => {
    expect(await connections().ask('topics cannot be listed', async () => ['orders'])).toStrictEqual([
      'orders',
    ]);
  });

  it('reports a broker that does not answer in time, with its address', async () => {
    const asked = connections().askBroker(fakeBroker({}), 'topics cannot be listed', never, 20);
    await expect(asked).rejects.toBeInstanceOf(InfrastructureError);
    await expect(asked).rejects.toThrow(
      'topics cannot be listed: Kafka at broker-1:9092: no answer within 20 ms',
    );
  });

  it('reports a refusal by the broker as access that must be granted', async () => {
    const refusal = Object.assign(new Error('no'), { type: 'TOPIC_AUTHORIZATION_FAILED', code: 29 });
    const asked = connections().ask('topics cannot be listed', () => Promise.reject(refusal));
    await expect(asked).rejects.toBeInstanceOf(KafkaAccessError);
  });

  it('shows nothing of the credentials that a broker repeats, in no error and no cause', async () => {
    const sasl = { mechanism: 'plain', username: 'ann', password: 'hunter2' } as const;
    const text = `no: hunter2\u001b[31m, ${Buffer.from('\0ann\0hunter2').toString('base64')}`;
    const refusal = Object.assign(new Error(text, { cause: new Error('hunter2') }), {
      originalError: 'hunter2',
    });
    const asked = connections({ sasl }).ask('topics cannot be listed', () => Promise.reject(refusal));
    const error: unknown = await asked.catch((thrown: unknown) => thrown);
    expect(inspect(error, { showHidden: true, depth: Infinity })).not.toMatch(/hunter2|AGFubg/);
    expect(inspect(error)).not.toContain('\u001b[31m');
    expect(String(refusal)).toBe('Error: no: ***\\u{1b}[31m, ***');
  });

  it('opens another cluster, with another generation, when connections are renewed', async () => {
    const client = connections();
    const seen: unknown[] = [];
    const note = async (cluster: unknown) => void seen.push(cluster);
    const { generation } = client;
    await client.ask('x', note);
    await client.ask('x', note);
    client.renew();
    await client.ask('x', note);
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).not.toBe(seen[0]);
    expect(client.generation).not.toBe(generation);
  });

  it('reports why a group has no coordinator, which kafkajs does not', async () => {
    const refusal = Object.assign(new Error('no'), { type: 'GROUP_AUTHORIZATION_FAILED', code: 30 });
    const found = await failureOfLookUp(notFound, () => Promise.reject(refusal));
    expect(found).toBeInstanceOf(KafkaAccessError);
    expect(found.message).toMatch(/^the coordinator of group g cannot be found: /);
  });

  it('reports a coordinator that became available after kafkajs had found none as one to ask again', async () => {
    const found = await failureOfLookUp(notFound, async () => undefined);
    expect(found).toBeInstanceOf(InfrastructureError);
    expect(kafkaErrorType(found)).toBe('COORDINATOR_NOT_AVAILABLE');
  });

  it('reports a connection that was lost during the look-up as it is', async () => {
    const lost = Object.assign(new Error('lost'), { code: 'ECONNRESET' });
    const found = await failureOfLookUp(lost, async () => undefined);
    expect(kafkaErrorType(found)).toBeUndefined();
    expect(found.message).toContain('ECONNRESET');
  });
});

const notFound = Object.assign(new Error('Failed to find group coordinator'), {
  name: 'KafkaJSGroupCoordinatorNotFound',
});

/** The error of looking a coordinator up: kafkajs fails with `error`, then the controller answers `findGroupCoordinator`. */
async function failureOfLookUp(
  error: Error,
  findGroupCoordinator: KafkajsBroker['findGroupCoordinator'],
): Promise<Error> {
  const client = connections();
  const unused = vi.fn();
  const controller = fakeBroker({
    methods: {
      connect: unused,
      joinGroup: unused,
      syncGroup: unused,
      heartbeat: unused,
      leaveGroup: unused,
      listGroups: unused,
      describeGroups: unused,
      describeConfigs: unused,
      createTopics: unused,
      deleteRecords: unused,
      findGroupCoordinator,
    },
  });
  await client.ask('x', async (cluster) => {
    vi.spyOn(cluster, 'findGroupCoordinator').mockRejectedValue(error);
    vi.spyOn(cluster, 'findControllerBroker').mockResolvedValue(controller);
  });
  return client.coordinator('g').then(
    () => new Error('a coordinator was found'),
    (thrown: Error) => thrown,
  );
}
