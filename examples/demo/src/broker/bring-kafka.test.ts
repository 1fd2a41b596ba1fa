import { BrokerFailedError, BrokerUnavailableError } from '@openedx-ts/brokers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bringKafka, type KafkaStarters } from './bring-kafka.js';
import { NoBroker } from './brought-broker.js';

const never = (): never => {
  throw new Error('nothing is to be started');
};

describe('bringKafka', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('starts nothing where the environment names both, and reports at once when they cannot be used', async () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const named = {
      EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1',
      EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1',
    };
    const bringing = bringKafka(named, { kafka: never, registry: never });
    await expect(bringing).rejects.toBeInstanceOf(NoBroker);
    await expect(bringing).rejects.toThrow(/ECONNREFUSED.+\n {2}→ .+\nthe schema registry .+\n {2}→ /);
    expect(stderr.mock.calls.join('')).not.toContain('127.0.0.1');
  });

  it('stops the Kafka that it started when there is no registry', async () => {
    const dispose = vi.fn(async () => {});
    const kafka = async () => ({ bootstrapServers: 'a:1', [Symbol.asyncDispose]: dispose });
    const tried = [{ rung: 'package', reason: 'mvn is not on the PATH' }];
    const registry = () => Promise.reject(new BrokerUnavailableError('Schema registry', tried));
    const bringing = bringKafka({}, { kafka, registry } as unknown as KafkaStarters);
    await expect(bringing).rejects.toBeInstanceOf(NoBroker);
    await expect(bringing).rejects.toThrow(
      /none could be started:\n {2}package: mvn is not on the PATH\nStart Docker.+EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS=.+--bus memory/,
    );
    expect(dispose).toHaveBeenCalledOnce();
  });

  it('reports why one that was started did not come up', async () => {
    const kafka = () => Promise.reject(new BrokerFailedError('Kafka', 'ended', 'no space left'));
    await expect(bringKafka({}, { kafka, registry: never })).rejects.toMatchObject({
      name: 'NoBroker',
      message: expect.stringContaining('no space left'),
    });
  });
});
