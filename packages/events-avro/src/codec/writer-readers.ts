import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { IncompatibleSchemaError, type WriterSchema } from '@openedx-ts/events-core/bus';
import type { ReadRecord, RecordDriver } from '../driver/record-driver.js';
import { resolveSchemas } from '../resolution/resolve-schemas.js';
import { compileScan } from '../scan/compile-scan.js';
import type { Scan } from '../scan/scan-state.js';
import { nodeOfShape } from '../schema/node-of-shape.js';
import { parseSchema } from '../schema/parse-schema.js';
import { SchemaError } from '../schema/schema-error.js';
import type { RecordNode, SchemaNode } from '../schema/schema-node.js';
import { BoundedCache } from './bounded-cache.js';

/** The scan and the reader for the bytes of one writer's schema. */
export interface WriterReader {
  readonly scan: Scan;
  readonly read: ReadRecord;
}

/** Maximum number of writers' schemas kept for a signal, refused ones included. */
const MAX_WRITERS = 100;

/** Compiles and keeps the readers of a signal, one for each writer's schema. */
export class WriterReaders {
  readonly #signal: OpenEdxPublicSignal;
  readonly #schema: WriterSchema;
  readonly #driver: RecordDriver;
  readonly #unsafeIntegers: 'refuse' | 'bigint';
  readonly #node: RecordNode;
  readonly #own: WriterReader;
  readonly #others = new BoundedCache<string, WriterReader | { readonly refusal: string }>({
    maxEntries: MAX_WRITERS,
  });

  constructor(
    signal: OpenEdxPublicSignal,
    schema: WriterSchema,
    driver: RecordDriver,
    unsafeIntegers: 'refuse' | 'bigint',
  ) {
    this.#signal = signal;
    this.#schema = schema;
    this.#driver = driver;
    this.#unsafeIntegers = unsafeIntegers;
    this.#node = nodeOfShape(signal.shape);
    this.#own = { scan: compileScan(this.#node, unsafeIntegers), read: driver.read };
  }

  /**
   * Returns the reader of a writer's schema; null means the signal's own.
   *
   * @throws IncompatibleSchemaError when events of that schema cannot be read
   */
  of(writer: WriterSchema | null): WriterReader {
    if (writer === null || writer.fingerprint === this.#schema.fingerprint) return this.#own;
    let reader = this.#others.get(writer.fingerprint);
    if (reader === undefined) {
      reader = this.#prepare(writer);
      this.#others.set(writer.fingerprint, reader);
    }
    if ('scan' in reader) return reader;
    throw new IncompatibleSchemaError(
      this.#signal.eventType,
      writer.fingerprint,
      this.#schema.fingerprint,
      reader.refusal,
    );
  }

  #prepare(writer: WriterSchema): WriterReader | { readonly refusal: string } {
    let node: SchemaNode;
    try {
      node = parseSchema(writer.text);
    } catch (error) {
      if (error instanceof SchemaError) return { refusal: error.message };
      throw error;
    }
    const { plan, mismatches } = resolveSchemas(this.#node, node, {
      reader: 'our schema',
      writer: "the writer's",
    });
    if (plan === undefined) {
      const fatal = mismatches.filter(({ isPartial }) => !isPartial);
      const shown = (fatal.length > 0 ? fatal : mismatches).slice(0, 5);
      return {
        refusal: shown.map(({ path, reason }) => (path === '' ? reason : `${path}: ${reason}`)).join('; '),
      };
    }
    try {
      return { scan: compileScan(plan, this.#unsafeIntegers), read: this.#driver.readerFor(plan) };
    } catch {
      return { refusal: 'the schema cannot be compiled' };
    }
  }
}
