import type { SchemaRegistry } from '@openedx-ts/events-avro';
import { ConfluentSchemaRegistry } from './confluent-schema-registry.js';
import type { SchemaRegistryOptions } from './schema-registry-options.js';

/** The registry that options describe, or the one that was given in their place. */
export function schemaRegistryOf(given: SchemaRegistryOptions | SchemaRegistry): SchemaRegistry {
  return 'schemaById' in given ? given : new ConfluentSchemaRegistry(given);
}
