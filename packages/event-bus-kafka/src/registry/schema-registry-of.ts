import type { SchemaRegistry } from '@openedx-ts/events-avro';
import { ConfluentSchemaRegistry } from './confluent-schema-registry.js';
import type { SchemaRegistryOptions } from './schema-registry-options.js';

/** Creates a registry from options; returns a registry that was passed instead of options as it is. */
export function schemaRegistryOf(given: SchemaRegistryOptions | SchemaRegistry): SchemaRegistry {
  return 'schemaById' in given ? given : new ConfluentSchemaRegistry(given);
}
