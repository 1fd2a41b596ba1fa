import type { Kafka } from 'kafkajs';
import { methodsOf } from './methods-of.js';

/**
 * Calls a function with each connection that a client of kafkajs makes, before it is used. kafkajs has no documented way to
 * its connections.
 *
 * @throws TypeError when the installed kafkajs lacks a part that is used here
 */
export function eachConnection<T>(kafka: Kafka, prepare: (connection: T) => void): void {
  const key = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === CREATE_CLUSTER);
  const internals = kafka as unknown as Record<symbol, (options: object) => Cluster>;
  const createCluster = key === undefined ? undefined : internals[key];
  if (key === undefined || createCluster === undefined)
    throw new TypeError(`kafkajs has no ${CREATE_CLUSTER}`);
  internals[key] = (options) => {
    const cluster = createCluster(options);
    const builder = methodsOf<PoolBuilder<T>>(cluster.brokerPool?.connectionPoolBuilder, ['build']);
    const { build } = builder;
    builder.build = async (destination) => {
      const built = await build(destination);
      for (const connection of built.pool) prepare(connection);
      return built;
    };
    return cluster;
  };
}

interface Cluster {
  readonly brokerPool?: { readonly connectionPoolBuilder?: unknown };
}

interface PoolBuilder<T> {
  build: (destination?: object) => Promise<{ readonly pool: readonly T[] }>;
}

const CREATE_CLUSTER = 'private:Kafka:createCluster';
