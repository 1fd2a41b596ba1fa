import { announced } from '../server/announced.js';
import { environmentServer } from '../server/environment-server.js';
import { startedServer } from '../server/started-server.js';
import { findSchemaRegistry, schemaRegistryVariable } from './find-schema-registry.js';
import type { FoundSchemaRegistry } from './found-schema-registry.js';
import { schemaRegistryLaunch } from './schema-registry-launch.js';
import type { SchemaRegistryOptions } from './schema-registry-options.js';
import type { SchemaRegistryServer } from './schema-registry-server.js';

/**
 * Starts a real schema registry with the Confluent API (Apicurio Registry 2.6) on a free port of 127.0.0.1 and waits until
 * it answers. It ends with this process at the latest. With `TEST_SCHEMA_REGISTRY_URL` set and no options given, that
 * registry is used instead. Where Confluent's own behaves otherwise, `startFakeSchemaRegistry` stands in.
 * @throws {BrokerUnavailableError} when no registry can be had on this machine
 * @throws {BrokerFailedError} when it does not come up; the message has the end of its log
 */
export function startSchemaRegistry(options: SchemaRegistryOptions = {}): Promise<SchemaRegistryServer> {
  return announced(
    'Schema registry',
    () => findSchemaRegistry(options),
    (found) => start(found, options),
  );
}

async function start(
  found: FoundSchemaRegistry,
  options: SchemaRegistryOptions,
): Promise<SchemaRegistryServer> {
  if (found.chosen === 'environment') {
    const { hostname, port, protocol } = new URL(found.url);
    const address = {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || (protocol === 'https:' ? 443 : 80)),
    };
    const server = environmentServer('schema registry', schemaRegistryVariable, address);
    return Object.freeze({ ...server, url: found.url });
  }
  const [server, { url }] = await startedServer(found.chosen, () => schemaRegistryLaunch(found, options));
  return Object.freeze({ ...server, url });
}
