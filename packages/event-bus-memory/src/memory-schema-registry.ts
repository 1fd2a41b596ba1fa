import { fingerprintOf } from '@openedx-ts/events-avro';
import type { WriterSchema } from '@openedx-ts/events-core/bus';

/**
 * A schema registry in this process, with the Confluent behaviour: schemas that differ in nothing but the name given to
 * a primitive are one schema, so that keys of different events have one id and share partitions.
 */
export class MemorySchemaRegistry {
  readonly #ids = new Map<string, number>();
  readonly #schemas = new Map<number, WriterSchema>();
  #lastId = 0;

  /** The id of a schema, given on first use. */
  register(_subject: string, schemaText: string): number {
    const canonical = canonicalText(schemaText);
    const known = this.#ids.get(canonical);
    if (known !== undefined) return known;
    this.#lastId += 1;
    this.load(this.#lastId, schemaText);
    return this.#lastId;
  }

  /** Puts a schema under an id of another registry, so that messages captured elsewhere can be read. */
  load(id: number, schemaText: string): void {
    this.#lastId = Math.max(this.#lastId, id);
    this.#ids.set(canonicalText(schemaText), id);
    this.#schemas.set(id, { text: schemaText, fingerprint: fingerprintOf(schemaText) });
  }

  schemaById(id: number): WriterSchema | undefined {
    return this.#schemas.get(id);
  }
}

function canonicalText(schemaText: string): string {
  const schema = JSON.parse(schemaText) as { readonly type?: unknown } | string;
  const isNamedPrimitive =
    typeof schema === 'object' && ['string', 'long', 'boolean', 'double'].includes(String(schema.type));
  return isNamedPrimitive ? JSON.stringify(schema.type) : schemaText;
}
