import { createRequire } from 'node:module';
import { Kafka } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { checkedBroker, type DriverBroker, driverCluster } from './driver.js';

const internals = createRequire(import.meta.url);
const Broker = internals('kafkajs/src/broker') as { readonly prototype: DriverBroker };

describe('driverCluster', () => {
  it('finds in kafkajs what a member of a group needs', () => {
    const cluster = driverCluster(new Kafka({ brokers: ['localhost:1'] }));
    expect(cluster.findTopicPartitionMetadata).toBeTypeOf('function');
    const broker = Object.assign(Object.create(Broker.prototype), { connectionPool: { send: () => {} } });
    expect(checkedBroker(broker)).toBe(broker);
  });

  it('says what a kafkajs of another kind lacks', () => {
    const broker = { connectionPool: { send: () => {} } } as unknown as DriverBroker;
    expect(() => checkedBroker(broker)).toThrow('has no findGroupCoordinator, joinGroup');
  });
});
