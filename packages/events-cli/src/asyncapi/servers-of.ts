import type { Environment, JsonValue } from '@openedx-ts/events-core';
import type { AsyncApiBus } from './message-of.js';

/** Describes the broker that the environment names, without login; undefined when it names none. */
export function serversOf(bus: AsyncApiBus, env: Environment): JsonValue | undefined {
  return bus === 'kafka' ? kafkaServers(env) : redisServer(env);
}

function kafkaServers(env: Environment): JsonValue | undefined {
  const hosts = (env.EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS ?? '').split(',').map((host) => host.trim());
  const named = hosts.filter((host) => host !== '');
  if (named.length === 0) return undefined;
  const protocol =
    env.EVENT_BUS_KAFKA_API_KEY || env.EVENT_BUS_KAFKA_TLS === 'true' ? 'kafka-secure' : 'kafka';
  const registry = env.EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL;
  const kafka = {
    ...(registry ? { schemaRegistryUrl: withoutLogin(registry), schemaRegistryVendor: 'confluent' } : {}),
    bindingVersion: '0.5.0',
  };
  return Object.fromEntries(
    named.map((host, index) => [
      `kafka${index === 0 ? '' : index + 1}`,
      { host, protocol, bindings: { kafka } },
    ]),
  );
}

function redisServer(env: Environment): JsonValue | undefined {
  const url = env.EVENT_BUS_REDIS_CONNECTION_URL;
  if (!url || !URL.canParse(url)) return undefined;
  const { host, protocol, pathname } = new URL(url);
  return {
    redis: {
      host,
      protocol: protocol === 'rediss:' ? 'redis-secure' : 'redis',
      ...(pathname.length > 1 ? { pathname } : {}),
    },
  };
}

function withoutLogin(url: string): string {
  if (!URL.canParse(url)) return '';
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  parsed.search = '';
  return parsed.href;
}
