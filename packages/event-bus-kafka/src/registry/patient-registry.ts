import { SchemaPatience, type SchemaRegistry } from '@openedx-ts/events-avro';
import { InfrastructureError } from '@openedx-ts/events-core';
import type { WriterSchema } from '@openedx-ts/events-core/bus';

/**
 * A registry as consumers use it: messages wait up to five seconds for a schema that it does not have, or not yet. Of
 * several nodes of a registry, one may learn of a schema later than the first event of it arrives (`SchemaPatience`).
 */
export function patientRegistry(registry: SchemaRegistry): SchemaRegistry {
  const patience = new SchemaPatience();
  const orWait = (id: number, schema: WriterSchema | undefined): WriterSchema | undefined => {
    if (schema !== undefined) patience.found(String(id));
    else if (patience.mustWait(String(id)))
      throw new InfrastructureError(`the schema registry has no schema with the id ${id} yet`);
    return schema;
  };
  return {
    register: (subject, schemaText) => registry.register(subject, schemaText),
    schemaById(id) {
      const found = registry.schemaById(id);
      return found instanceof Promise ? found.then((schema) => orWait(id, schema)) : orWait(id, found);
    },
  };
}
