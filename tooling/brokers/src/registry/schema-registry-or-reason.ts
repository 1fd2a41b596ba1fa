import { type ServerOrReason, serverOrReason } from '../server/server-or-reason.js';
import { findSchemaRegistry } from './find-schema-registry.js';
import type { SchemaRegistryOptions } from './schema-registry-options.js';
import type { SchemaRegistryServer } from './schema-registry-server.js';
import { startSchemaRegistry } from './start-schema-registry.js';

/** A schema registry on this machine, or why there is none. */
export type SchemaRegistryOrReason = ServerOrReason<SchemaRegistryOptions, SchemaRegistryServer>;

/**
 * Looks for a schema registry without starting it, so that tests can be skipped with a reason. It is downloaded here.
 * @param options what every registry of the test file has
 * @throws {BrokerUnavailableError} when there is none and `CI` is `true`: there nothing is skipped
 */
export function schemaRegistryOrReason(options: SchemaRegistryOptions = {}): Promise<SchemaRegistryOrReason> {
  return serverOrReason({ find: findSchemaRegistry, start: startSchemaRegistry }, options);
}
