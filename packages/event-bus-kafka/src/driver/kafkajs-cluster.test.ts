import { createRequire } from 'node:module';
import { Kafka } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { checkedBroker, type KafkajsBroker } from './kafkajs-broker.js';
import { kafkajsCluster } from './kafkajs-cluster.js';
import { methodsOf } from './methods-of.js';

const internals = createRequire(import.meta.url);
const Broker = internals('kafkajs/src/broker') as { readonly prototype: KafkajsBroker };

describe('kafkajsCluster', () => {
  it('finds the methods of kafkajs that this package uses', () => {
    const cluster = kafkajsCluster(new Kafka({ brokers: ['localhost:1'] }), async () => {
      throw new Error('not connected');
    });
    expect(cluster.findBroker).toBeTypeOf('function');
    const broker = Object.assign(Object.create(Broker.prototype), { connectionPool: { send: () => {} } });
    expect(checkedBroker(broker)).toBe(broker);
  });

  it('reports the methods that another version of kafkajs lacks', () => {
    const other = { connect: () => {} } as unknown as KafkajsBroker;
    expect(() => methodsOf(other, ['connect', 'joinGroup', 'heartbeat'])).toThrow(
      'has no joinGroup, heartbeat',
    );
  });
});
