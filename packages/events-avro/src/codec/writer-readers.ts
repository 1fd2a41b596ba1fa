import type { OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { BoundedCache, IncompatibleSchemaError, type WriterSchema } from '@openedx-ts/events-core/bus';
import type { ReadRecord, RecordDriver } from '../driver/record-driver.js';
import { resolveSchemas } from '../resolution/resolve-schemas.js';
import { compileScan } from '../scan/compile-scan.js';
import type { Scan } from '../scan/scan-state.js';
import { nodeOfShape } from '../schema/node-of-shape.js';
import { parseSchema } from '../schema/parse-schema.js';
import { SchemaError } from '../schema/schema-error.js';
import type { RecordNode, SchemaNode } from '../schema/schema-node.js';

/** The scan and the reader for the bytes of one writer's schema. */
export interface WriterReader {
  readonly scan: Scan;
  readonly read: ReadRecord;
}

/** What became of a writer's schema: a reader, or why its events cannot be read. */
interface PreparedWriter {
  readonly reader: WriterReader | undefined;
  readonly refusal: string;
  /** Characters of its text, on which the memory of a reader depends. */
  readonly cost: number;
}

/** The readers of all signals of a codec, by event type and fingerprint. */
export type WriterReaderCache = BoundedCache<string, PreparedWriter>;

/** Creates a cache: writers' schemas come from other services, and a reader takes up to 25 bytes for each character. */
export function writerReaderCache(): WriterReaderCache {
  return new BoundedCache({ maxEntries: 2_000, maxCost: 2_000_000, costOf: ({ cost }) => cost });
}

/** Compiles the readers of a signal, one for each writer's schema, and keeps those that were used last. */
export class WriterReaders {
  readonly #signal: OpenEdxPublicSignal;
  readonly #schema: WriterSchema;
  readonly #driver: RecordDriver;
  readonly #unsafeIntegers: 'refuse' | 'bigint';
  readonly #node: RecordNode;
  readonly #own: WriterReader;
  readonly #cache: WriterReaderCache;
  #last: { readonly fingerprint: string; readonly prepared: PreparedWriter } | undefined;

  constructor(
    signal: OpenEdxPublicSignal,
    schema: WriterSchema,
    driver: RecordDriver,
    unsafeIntegers: 'refuse' | 'bigint',
    cache: WriterReaderCache,
  ) {
    this.#cache = cache;
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
    if (this.#last?.fingerprint !== writer.fingerprint)
      this.#last = { fingerprint: writer.fingerprint, prepared: this.#prepared(writer) };
    const { reader, refusal } = this.#last.prepared;
    if (reader !== undefined) return reader;
    throw new IncompatibleSchemaError(
      this.#signal.eventType,
      writer.fingerprint,
      this.#schema.fingerprint,
      refusal,
    );
  }

  #prepared(writer: WriterSchema): PreparedWriter {
    const key = `${this.#signal.eventType} ${writer.fingerprint}`;
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const { text } = writer;
    const result = this.#prepare(text);
    const prepared =
      'refusal' in result
        ? { reader: undefined, refusal: result.refusal, cost: result.refusal.length }
        : { reader: result, refusal: '', cost: text.length };
    this.#cache.set(key, prepared);
    return prepared;
  }

  #prepare(text: string): WriterReader | { readonly refusal: string } {
    let node: SchemaNode;
    try {
      node = parseSchema(text);
    } catch (error) {
      if (error instanceof SchemaError) return { refusal: error.message };
      throw error;
    }
    const other = otherEventOf(node, this.#signal.eventType);
    if (other !== undefined) return { refusal: `it is the schema of ${other}` };
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

/**
 * The event type of a schema that belongs to another event: two events with the same fields differ only in it. The
 * reference and this package write it as the namespace; a namespace that is no event type is ignored.
 */
function otherEventOf(node: SchemaNode, eventType: string): string | undefined {
  if (node.kind !== 'record' || !node.name.endsWith(ROOT)) return undefined;
  const namespace = node.name.slice(0, -ROOT.length);
  const isEventType = namespace.split('.').length > 3 && /\.v[1-9][0-9]*$/.test(namespace);
  return isEventType && namespace !== eventType ? namespace.slice(0, 200) : undefined;
}

const ROOT = '.CloudEvent';
